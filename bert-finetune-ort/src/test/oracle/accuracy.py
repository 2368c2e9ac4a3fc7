"""Prints how well Hugging Face's Trainer learns CoLA or SST-2: the peer's side of docs/accuracy.md. A JSON line a seed.

usage: accuracy.py MODEL DATA TASK SEED... [--bf16]
MODEL  the folder that minilm.py --folder writes; pooler and classifier start anew from the seed
DATA   a folder with cola/ and sst2/, as docs/accuracy.md describes
TASK   cola or sst2
"""
import argparse
import csv
import json
import tempfile
from pathlib import Path

import torch
from sklearn.metrics import accuracy_score, matthews_corrcoef
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    PrinterCallback,
    Trainer,
    TrainingArguments,
    set_seed,
)

TASKS = {
    "cola": ("in_domain_train.tsv", "in_domain_dev.tsv", dict(num_train_epochs=4, learning_rate=1e-4)),
    "sst2": ("stsa.binary.train", "stsa.binary.dev", dict(num_train_epochs=1, learning_rate=5e-5)),
}


def rows(path, task):
    """Label and sentence of each line."""
    with open(path, encoding="utf-8", newline="") as lines:
        if task == "sst2":
            return [(int(line[0]), line[2:].rstrip("\n")) for line in lines]
        table = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(int(label), sentence) for _, label, _, sentence in table]


def encoded(tokenizer, examples):
    return [tokenizer(text, truncation=True, max_length=64) | {"labels": label} for label, text in examples]


def fresh(model):
    """The pooler and the classifier as transformers begins them."""
    for layer in (model.bert.pooler.dense, model.classifier):
        torch.nn.init.normal_(layer.weight, std=model.config.initializer_range)
        torch.nn.init.zeros_(layer.bias)
    return model


def scores(prediction):
    found = prediction.predictions.argmax(-1)
    return {
        "accuracy": accuracy_score(prediction.label_ids, found),
        "matthews_correlation": matthews_corrcoef(prediction.label_ids, found),
    }


def run(options, seed):
    train, test, settings = TASKS[options.task]
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    set_seed(seed)
    model = fresh(AutoModelForSequenceClassification.from_pretrained(
        options.model, num_labels=2, hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1))
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=tempfile.mkdtemp(),
            per_device_train_batch_size=32,
            per_device_eval_batch_size=64,
            seed=seed,
            bf16=options.bf16,
            use_cpu=True,
            report_to=[],
            save_strategy="no",
            logging_strategy="no",
            disable_tqdm=True,
            **settings,
        ),
        train_dataset=encoded(tokenizer, rows(options.data / options.task / train, options.task)),
        eval_dataset=encoded(tokenizer, rows(options.data / options.task / test, options.task)),
        data_collator=DataCollatorWithPadding(tokenizer),
        compute_metrics=scores,
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    found = trainer.evaluate()
    return {key: found[f"eval_{key}"] for key in ("loss", "accuracy", "matthews_correlation")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    for seed in options.seeds:
        found = run(options, seed)
        print(json.dumps({"task": options.task, "seed": seed, "bf16": options.bf16} | found), flush=True)


if __name__ == "__main__":
    main()
