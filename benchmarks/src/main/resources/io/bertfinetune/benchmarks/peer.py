"""Takes the training steps of a work folder with PyTorch and transformers, one for each line it reads.

usage: peer.py FOLDER ATTENTION

FOLDER     config.json, model.safetensors, work.json and batches.json
ATTENTION  transformers' attn_implementation: eager or sdpa

Answers with one JSON object a line: first what it is and the loss before training, then the time and loss of each step.
"""

import json
import platform
import sys
import time
from pathlib import Path

import torch
import transformers
from transformers import BertForSequenceClassification

# Lines on the real standard output are answers; whatever else prints, prints to standard error.
answers, sys.stdout = sys.stdout, sys.stderr


def answer(**fields):
    print(json.dumps(fields), file=answers, flush=True)


def read_batches(folder):
    for numbers in json.loads((folder / "batches.json").read_text()):
        ids = torch.tensor(numbers["input_ids"])
        yield {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "token_type_ids": torch.zeros_like(ids),
            "labels": torch.tensor(numbers["labels"]),
        }


def main(folder, attention):
    work = json.loads((folder / "work.json").read_text())
    torch.set_num_threads(work["threads"])
    torch.manual_seed(work["seed"])
    batches = list(read_batches(folder))
    model = BertForSequenceClassification.from_pretrained(folder, attn_implementation=attention, dtype=torch.float32)
    # Hugging Face's default, adamw_torch_fused, without weight decay as there.
    optimizer = torch.optim.AdamW(model.parameters(), lr=work["learning_rate"], weight_decay=0.0, fused=True)

    model.eval()
    with torch.no_grad():
        first_loss = model(**batches[0]).loss.item()
    model.train()

    def step(batch):
        loss = model(**batch).loss
        loss.backward()
        if work["max_grad_norm"] > 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), work["max_grad_norm"])
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()

    versions = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }
    answer(first_loss=first_loss, threads=torch.get_num_threads(), versions=versions)
    for number, _ in enumerate(sys.stdin):
        start = time.perf_counter()
        loss = step(batches[number % len(batches)])
        answer(ms=1000 * (time.perf_counter() - start), loss=loss)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
