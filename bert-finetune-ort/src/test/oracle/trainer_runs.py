"""golden/trainer_runs.json and golden/training_arguments.json of the api module: what transformers' Trainer does, event
by event and log by log, with softmax regression from zero weights, and its default arguments as it writes them."""
import json
import random
import tempfile

import torch
from transformers import Trainer, TrainerCallback, TrainingArguments

from common import ORACLE, save_json

API = ORACLE.parents[3] / "bert-finetune-api"
FOLDER = API / "src" / "test" / "resources" / "golden"
EVENTS = [
    "init_end", "train_begin", "train_end", "epoch_begin", "epoch_end", "step_begin", "substep_end",
    "pre_optimizer_step", "optimizer_step", "step_end", "evaluate", "log", "prediction_step",
]
CASES = {
    "steps, first step logged": dict(
        num_train_epochs=2, logging_steps=2, logging_first_step=True, eval_strategy="steps", eval_steps=4),
    "uneven accumulation": dict(
        num_train_epochs=2, gradient_accumulation_steps=2, logging_steps=2, eval_strategy="steps"),
    "epochs, the last one half": dict(num_train_epochs=1.5, logging_strategy="epoch", eval_strategy="epoch"),
    "max steps, delayed evaluation": dict(
        max_steps=7, logging_steps=3, eval_strategy="steps", eval_steps=2, eval_delay=3, eval_on_start=True),
    "epochs, delayed evaluation": dict(
        num_train_epochs=3, logging_strategy="no", eval_strategy="epoch", eval_delay=2),
    "ratios, clipping, warm-up, cosine": dict(
        num_train_epochs=3, logging_steps=0.3, max_grad_norm=0.1, warmup_steps=0.25, lr_scheduler_type="cosine"),
    "no clipping": dict(num_train_epochs=1, logging_steps=1, max_grad_norm=0.0, lr_scheduler_type="constant"),
}


class Regression(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(3, 2, bias=False).double()
        torch.nn.init.zeros_(self.linear.weight)

    def forward(self, x, labels):
        logits = self.linear(x)
        return {"loss": torch.nn.functional.cross_entropy(logits, labels), "logits": logits}


class Recorder(TrainerCallback):
    def __init__(self):
        self.events = []


def recorded(event):
    def record(self, args, state, control, **kwargs):
        self.events.append([event, state.global_step, state.epoch])
    return record


for name in EVENTS:
    setattr(Recorder, f"on_{name}", recorded(name))


def collate(rows):
    return {"x": torch.tensor([r[0] for r in rows], dtype=torch.double), "labels": torch.tensor([r[1] for r in rows])}


def accuracy(prediction):
    return {"accuracy": float((prediction.predictions.argmax(-1) == prediction.label_ids).mean())}


def without_speed(log):
    return {k: v for k, v in log.items() if not k.endswith(("_runtime", "_per_second")) and k != "total_flos"}


def run(name, arguments, train, dev):
    recorder = Recorder()
    model = Regression()
    with tempfile.TemporaryDirectory() as folder:
        args = TrainingArguments(
            output_dir=folder, use_cpu=True, save_strategy="no", report_to="none", disable_tqdm=True,
            per_device_train_batch_size=2, per_device_eval_batch_size=2, learning_rate=0.5, optim="sgd",
            train_sampling_strategy="sequential", remove_unused_columns=False, **arguments)
        trainer = Trainer(
            model, args, data_collator=collate, train_dataset=train, eval_dataset=dev, compute_metrics=accuracy,
            callbacks=[recorder])
        output = trainer.train()
    return {
        "name": name,
        "arguments": arguments,
        "events": recorder.events,
        "logs": [without_speed(log) for log in trainer.state.log_history],
        "max_steps": trainer.state.max_steps,
        "num_train_epochs": trainer.state.num_train_epochs,
        "train_loss": output.training_loss,
        "weights": model.linear.weight.detach().flatten().tolist(),
    }


def main():
    draw = random.Random(3)

    def rows(count):
        return [([round(draw.uniform(-2, 2), 1) for _ in range(3)], draw.randrange(2)) for _ in range(count)]

    train, dev = rows(10), rows(6)
    save_json(FOLDER / "trainer_runs.json", {
        "made_by": "bert-finetune-ort/src/test/oracle/trainer_runs.py",
        "train": [{"x": x, "label": y} for x, y in train],
        "dev": [{"x": x, "label": y} for x, y in dev],
        "cases": [run(name, arguments, train, dev) for name, arguments in CASES.items()],
    })
    written = json.loads(TrainingArguments(output_dir="trainer_output").to_json_string())
    save_json(FOLDER / "training_arguments.json", written)


if __name__ == "__main__":
    main()
