"""Opens a checkpoint of this library with transformers, and lets its Trainer go on from it for two steps.

usage: check_checkpoint.py CHECKPOINT
Exit status 1 when a key of the weights is missing, unexpected or mismatched, when trainer_state.json is not what
transformers' TrainerState holds, when a number is lost on the way through it, when the manifest does not fit, or when the
Trainer does not go on where the run stood: its weights, its step and its log. It takes its arguments from
training_args.json, and a fresh optimizer, as it does wherever there is no optimizer.pt.
"""
import dataclasses
import hashlib
import json
import sys
import tempfile
from pathlib import Path

import torch
from safetensors import safe_open
from transformers import (
    AutoConfig, AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainerCallback, TrainingArguments)
from transformers.trainer_callback import TrainerState
from transformers.trainer_utils import get_last_checkpoint


class Begun(TrainerCallback):
    """What a run has when it begins."""

    def on_train_begin(self, args, state, control, model=None, **kwargs):
        self.step = state.global_step
        self.weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}


def resume(checkpoint, stood):
    """What is wrong when transformers' Trainer resumes from the checkpoint, with a model of other weights."""
    said = json.loads((checkpoint / "training_args.json").read_text(encoding="utf-8"))
    unknown = sorted(set(said) - {field.name for field in dataclasses.fields(TrainingArguments)})
    arguments = {name: value for name, value in said.items() if name not in unknown}
    steps = stood.global_step + 2
    with tempfile.TemporaryDirectory() as work:
        arguments.update(
            output_dir=work, max_steps=steps, logging_strategy="steps", logging_steps=1, eval_strategy="no",
            eval_steps=None, save_strategy="no", load_best_model_at_end=False, use_cpu=True, report_to="none",
            disable_tqdm=True)
        tokenizer = AutoTokenizer.from_pretrained(checkpoint)
        model = AutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(checkpoint))
        data = [{**tokenizer(f"example {i}"), "label": i % model.config.num_labels} for i in range(64)]
        begun = Begun()
        trainer = Trainer(
            model=model, args=TrainingArguments(**arguments), train_dataset=data, processing_class=tokenizer,
            callbacks=[begun])
        trainer.train(resume_from_checkpoint=str(checkpoint))
    wrong = []
    with safe_open(checkpoint / "model.safetensors", framework="pt") as file:
        for name in file.keys():
            if not torch.equal(begun.weights[name], file.get_tensor(name)):
                wrong.append(f"resume: {name} does not have the weights of the checkpoint")
    if begun.step != stood.global_step or trainer.state.global_step != steps:
        wrong.append(f"resume: steps {begun.step} to {trainer.state.global_step}, expected {stood.global_step} to {steps}")
    if trainer.state.log_history[:len(stood.log_history)] != stood.log_history:
        wrong.append("resume: the log does not begin with that of the checkpoint")
    new = [entry for entry in trainer.state.log_history[len(stood.log_history):] if "loss" in entry]
    print("resumed from step", begun.step, "to", trainer.state.global_step, "losses:", [e["loss"] for e in new],
          "arguments left out:", unknown)
    return wrong


def main(checkpoint):
    wrong = []
    for line in (checkpoint / "MANIFEST.sha256").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        if hashlib.sha256((checkpoint / name).read_bytes()).hexdigest() != digest:
            wrong.append(f"{name}: SHA-256 differs from the manifest")

    model, report = AutoModelForSequenceClassification.from_pretrained(checkpoint, output_loading_info=True)
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        keys = sorted(str(key) for key in report[kind])
        print(f"{kind}: {keys if keys else 'none'}")
        wrong += [f"{kind}: {key}" for key in keys]
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    with torch.no_grad():
        logits = model.eval()(**tokenizer("the quick brown fox", return_tensors="pt")).logits
    print("labels:", model.config.id2label, "logits:", [round(x, 4) for x in logits[0].tolist()])
    if not torch.isfinite(logits).all():
        wrong.append("logits are not finite")

    state_file = checkpoint / "trainer_state.json"
    state = TrainerState.load_from_json(str(state_file))
    written = json.loads(state_file.read_text(encoding="utf-8"))
    fields = {field.name for field in dataclasses.fields(TrainerState)}
    if set(written) != fields:
        wrong.append(f"trainer_state.json: fields differ: {sorted(set(written) ^ fields)}")
    if any(getattr(state, name) != value for name, value in written.items()):
        wrong.append("trainer_state.json: a value changed when it was loaded")
    if f"checkpoint-{state.global_step}" != checkpoint.name:
        wrong.append(f"trainer_state.json: global_step is {state.global_step}")
    print("step", state.global_step, "of", state.max_steps, "epoch", state.epoch, "best", state.best_metric)
    print("log entries:", len(state.log_history), "callbacks:", state.stateful_callbacks)
    print("last checkpoint of the folder:", get_last_checkpoint(str(checkpoint.parent)))

    if (checkpoint / "optimizer.safetensors").exists():
        with safe_open(checkpoint / "optimizer.safetensors", framework="pt") as optimizer:
            names, notes = set(optimizer.keys()), optimizer.metadata()
        print("optimizer:", len(names), "tensors,", notes)
        expected = {f"{name}.{s}" for name, _ in model.named_parameters() for s in ("exp_avg", "exp_avg_sq")}
        if "AdamW" in notes["optimizer"] and names != expected:
            wrong.append(f"optimizer.safetensors: tensors differ: {sorted(names ^ expected)[:5]}")

    wrong += resume(checkpoint, state)
    print("\n".join(wrong + ["FAILED"]) if wrong else "passed")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
