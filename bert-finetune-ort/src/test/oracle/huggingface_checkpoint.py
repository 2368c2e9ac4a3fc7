"""golden/huggingface_checkpoint/: a checkpoint that transformers' Trainer wrote in the middle of an epoch, and how its run
goes on from there without optimizer.pt: log and weights. A BERT of one layer with the tokenizer of tiny_bert."""
import json
import os
import shutil
import tempfile
from pathlib import Path

from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast, Trainer, TrainingArguments, set_seed

from common import GOLDEN, ORACLE, RESOURCES, save_json

FOLDER = GOLDEN / "huggingface_checkpoint"
WORDS = "the quick brown fox jumps over the lazy dog and runs away from all the hounds ".split()
STEP = 7
# training_args.bin names the folder it was written from, rng_state.pth is of no use elsewhere
LEFT_OUT = ["training_args.bin", "rng_state.pth"]


def examples():
    texts = [" ".join(WORDS[i % 5: 3 + i % 5 + i * 7 % 9]) for i in range(24)]
    return [(text, ["no", "yes"][i * 5 % 3 % 2]) for i, text in enumerate(texts)]


def train(folder, checkpoint=None):
    set_seed(42)
    tokenizer = BertTokenizerFast.from_pretrained(RESOURCES / "tiny_bert")
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        id2label={0: "no", 1: "yes"}, label2id={"no": 0, "yes": 1})
    model = BertForSequenceClassification(config)
    data = [{**tokenizer(text), "label": config.label2id[label]} for text, label in examples()]
    args = TrainingArguments(
        output_dir=folder, num_train_epochs=2, per_device_train_batch_size=4, learning_rate=1e-2, weight_decay=0.01,
        lr_scheduler_type="constant", train_sampling_strategy="sequential", logging_steps=1, eval_strategy="epoch",
        save_steps=STEP, use_cpu=True, report_to="none", disable_tqdm=True)
    trainer = Trainer(
        model=model, args=args, train_dataset=data, eval_dataset=data[:6], processing_class=tokenizer)
    trainer.train(resume_from_checkpoint=checkpoint)
    return trainer


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        trainer = train("out")
        checkpoint = Path("out") / f"checkpoint-{STEP}"
        shutil.copytree(checkpoint, FOLDER / checkpoint.name, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for name in ("optimizer.pt", "scheduler.pt"):
            (checkpoint / name).unlink()
        resumed = train("again", str(checkpoint))
        resumed.model.save_pretrained(FOLDER / "resumed")
        (FOLDER / "resumed" / "config.json").unlink()
        save_json(FOLDER / "run.json", {
            "made_by": "bert-finetune-ort/src/test/oracle/huggingface_checkpoint.py",
            "arguments": json.loads(trainer.args.to_json_string()),
            "examples": [{"text": text, "label": label} for text, label in examples()],
            "resumed_log": resumed.state.log_history,
        })
        os.chdir(ORACLE)
    for file in sorted(FOLDER.rglob("*")):
        if file.is_file():
            print(file.relative_to(FOLDER), file.stat().st_size)


if __name__ == "__main__":
    main()
