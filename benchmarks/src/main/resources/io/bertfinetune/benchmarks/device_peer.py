"""Takes the training steps of a work folder with PyTorch and transformers on CUDA, and prints a line of JSON.

usage: device_peer.py FOLDER HOW PRECISION [STEPS]

FOLDER     what `benchmarks.jar device step --work FOLDER` left
HOW        eager, sdpa or compile (sdpa through torch.compile)
PRECISION  float32, tf32 or bfloat16 (autocast)
"""

import json
import statistics
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import torch
from transformers import BertForSequenceClassification

WARMUP = 5


def main(folder, how, precision, steps):
    work = json.loads((folder / "work.json").read_text())
    torch.manual_seed(work["seed"])
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    attention = "eager" if how == "eager" else "sdpa"
    model = BertForSequenceClassification.from_pretrained(folder, attn_implementation=attention, dtype=torch.float32)
    model.cuda().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=work["learning_rate"], weight_decay=0.0, fused=True)
    forward = torch.compile(model) if how == "compile" else model
    batches = []
    for numbers in json.loads((folder / "batches.json").read_text()):
        ids = torch.tensor(numbers["input_ids"])
        batch = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": torch.tensor(numbers["labels"])}
        batches.append({name: tensor.pin_memory() for name, tensor in batch.items()})

    def step(batch):
        batch = {name: tensor.to("cuda", non_blocking=True) for name, tensor in batch.items()}
        with torch.autocast("cuda", torch.bfloat16) if precision == "bfloat16" else nullcontext():
            loss = forward(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()  # waits for the device, as the Java side does

    for i in range(WARMUP):
        step(batches[i % len(batches)])
    times = []
    for i in range(steps):
        start = time.perf_counter()
        step(batches[i % len(batches)])
        times.append(1000 * (time.perf_counter() - start))
    median = statistics.median(times)
    print(json.dumps({
        "side": f"torch {torch.__version__} {how}",
        "model": work["model"],
        "batch": work["batch"],
        "length": work["length"],
        "precision": precision,
        "median_ms": round(median, 3),
        "samples_per_second": round(1000 * work["batch"] / median, 1),
        "peak_mib": torch.cuda.max_memory_allocated() >> 20,
    }))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]) if len(sys.argv) > 4 else 30)
