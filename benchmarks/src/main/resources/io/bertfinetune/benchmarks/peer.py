"""The peers' side of a comparison: does its work once for each line it reads.

usage: peer.py FOLDER WORK ...

FOLDER holds a model (config.json, model.safetensors, vocab.txt) and work.json, which says with how many threads to compute.

  step HOW PRECISION      a training step on the next of batches.json; HOW is eager, sdpa or compile (sdpa through
                          torch.compile), PRECISION is float32 or bfloat16 (autocast)
  startup WHAT            opens the model and does one thing: step or predict
  predict HOW             texts.json one by one and in batches; HOW is onnxruntime (model.onnx) or pipeline
  tokenize HOW            texts.json; HOW is batches (padded, 32 at a time) or all (one call)
  epoch PADDING PRECISION trains on train.csv and evaluates on dev.csv with transformers' Trainer; PADDING is fixed (as
                          run_classification.py pads), longest or grouped

Answers with one JSON object a line: first what it is, then the figures of each time.
"""

import time

STARTED = time.perf_counter()

import csv
import json
import platform
import sys
import traceback
from contextlib import nullcontext
from pathlib import Path

# Lines on the real standard output are answers; whatever else prints, prints to standard error.
answers, sys.stdout = sys.stdout, sys.stderr


def answer(**fields):
    print(json.dumps(fields), file=answers, flush=True)


def elapsed_ms(start):
    return 1000 * (time.perf_counter() - start)


def read(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


class Torch:
    """What all work on PyTorch begins with."""

    def __init__(self, folder):
        import torch
        import transformers

        transformers.utils.logging.disable_progress_bar()
        self.folder = folder
        self.work = read(folder, "work.json")
        self.threads = self.work["threads"]
        self.versions = {"torch": torch.__version__, "transformers": transformers.__version__}
        torch.set_num_threads(self.threads)
        torch.manual_seed(self.work["seed"])

    def model(self, attention="sdpa"):
        import torch
        from transformers import BertForSequenceClassification

        return BertForSequenceClassification.from_pretrained(
            self.folder, attn_implementation=attention, dtype=torch.float32
        )

    def tokenizer(self):
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(self.folder)


class Step(Torch):
    """Training steps on given token ids."""

    def __init__(self, folder, how, precision):
        super().__init__(folder)
        import torch

        self.batches = []
        for numbers in read(folder, "batches.json"):
            ids = torch.tensor(numbers["input_ids"])
            self.batches.append({
                "input_ids": ids,
                "attention_mask": torch.ones_like(ids),
                "token_type_ids": torch.zeros_like(ids),
                "labels": torch.tensor(numbers["labels"]),
            })
        self.network = self.model("eager" if how == "eager" else "sdpa")
        # Hugging Face's default, adamw_torch_fused, without weight decay as there.
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=self.work["learning_rate"], weight_decay=0.0, fused=True
        )
        self.network.eval()
        with torch.no_grad():
            self.facts = {"loss_before_training": self.network(**self.batches[0]).loss.item()}
        self.network.train()
        self.forward = torch.compile(self.network) if how == "compile" else self.network
        self.autocast = torch.autocast("cpu", torch.bfloat16) if precision == "bfloat16" else nullcontext()
        self.steps = 0

    def once(self):
        import torch

        start = time.perf_counter()
        with self.autocast:
            loss = self.forward(**self.batches[self.steps % len(self.batches)]).loss
        loss.backward()
        if self.work["max_grad_norm"] > 0:
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.work["max_grad_norm"])
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.steps += 1
        return {"loss": loss.item(), "ms": elapsed_ms(start)}


class Startup:
    """Opening a model and using it, from nothing."""

    facts = {}

    def __init__(self, folder, what):
        self.folder = folder
        self.what = what
        self.threads = read(folder, "work.json")["threads"]
        import torch
        import transformers

        self.versions = {"torch": torch.__version__, "transformers": transformers.__version__}
        self.import_ms = elapsed_ms(STARTED)

    def once(self):
        start = time.perf_counter()
        return {"machine_ms": self.import_ms, **getattr(self, self.what)(start)}

    def step(self, start):
        import torch

        step = Step(self.folder, "sdpa", "float32")
        load = elapsed_ms(start)
        return {"load_ms": load, "first_ms": step.once()["ms"]}

    def predict(self, start):
        import torch

        base = Torch(self.folder)
        tokenizer, network = base.tokenizer(), base.model().eval()
        load = elapsed_ms(start)
        first = time.perf_counter()
        with torch.no_grad():
            network(**tokenizer(read(self.folder, "texts.json")[0], return_tensors="pt")).logits.softmax(-1).tolist()
        return {"load_ms": load, "first_ms": elapsed_ms(first)}


class Predict(Torch):
    """Predictions, one by one and in batches."""

    BATCH = 32

    def __init__(self, folder, how):
        super().__init__(folder)
        self.texts = read(folder, "texts.json")
        self.predict = self.with_onnxruntime() if how == "onnxruntime" else self.with_pipeline()
        self.facts = {"first_score": self.predict(self.texts[:1])[0]}

    def with_onnxruntime(self):
        import numpy as np
        import onnxruntime

        self.versions["onnxruntime in Python"] = onnxruntime.__version__
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        session = onnxruntime.InferenceSession(
            str(self.folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        wanted = {each.name for each in session.get_inputs()}
        tokenizer, most = self.tokenizer(), self.work["max_length"]

        def predict(texts):
            inputs = tokenizer(texts, padding=True, truncation=True, max_length=most, return_tensors="np")
            logits = session.run(["logits"], {n: v.astype(np.int64) for n, v in inputs.items() if n in wanted})[0]
            powers = np.exp(logits - logits.max(-1, keepdims=True))
            return (powers / powers.sum(-1, keepdims=True))[:, 1].tolist()

        return predict

    def with_pipeline(self):
        from transformers import pipeline

        pipe = pipeline("text-classification", model=self.model(), tokenizer=self.tokenizer(), device="cpu")

        def predict(texts):
            found = pipe(
                texts, batch_size=len(texts), top_k=None, truncation=True, max_length=self.work["max_length"]
            )
            return [next(each["score"] for each in scores if each["label"] == "1") for scores in found]

        return predict

    def once(self):
        single = []
        for text in self.texts:
            start = time.perf_counter()
            self.predict([text])
            single.append(elapsed_ms(start))
        single.sort()
        start = time.perf_counter()
        for first in range(0, len(self.texts), self.BATCH):
            self.predict(self.texts[first:first + self.BATCH])
        return {
            "p50_ms": single[len(single) // 2],
            "p99_ms": single[len(single) * 99 // 100],
            "texts_per_second": 1000 * len(self.texts) / elapsed_ms(start),
        }


class Tokenize(Torch):
    """Tokenizing texts with a fast tokenizer."""

    BATCH = 32

    def __init__(self, folder, how):
        super().__init__(folder)
        self.how = how
        self.texts = read(folder, "texts.json")
        self.fast = self.tokenizer()
        assert self.fast.is_fast, "the tokenizer is not a fast one"
        self.facts = {"tokens": self.tokens()}

    def tokens(self):
        cut = {"truncation": True, "max_length": self.work["max_length"]}
        if self.how == "all":
            return sum(len(ids) for ids in self.fast(self.texts, **cut)["input_ids"])
        tokens = 0
        for first in range(0, len(self.texts), self.BATCH):
            batch = self.fast(self.texts[first:first + self.BATCH], padding=True, return_tensors="pt", **cut)
            tokens += int(batch["attention_mask"].sum())
        return tokens

    def once(self):
        start = time.perf_counter()
        tokens = self.tokens()
        return {"tokens_per_second": 1000 * tokens / elapsed_ms(start)}


class Epoch(Torch):
    """An epoch of transformers' Trainer and an evaluation."""

    facts = {}

    def __init__(self, folder, padding, precision):
        super().__init__(folder)
        self.padding = padding
        self.precision = precision

    def data(self, name, tokenizer):
        from datasets import Dataset

        with open(self.folder / name, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        padding = "max_length" if self.padding == "fixed" else False
        encoded = tokenizer(
            [row["sentence"] for row in rows], padding=padding, truncation=True, max_length=self.work["max_length"]
        )
        return Dataset.from_dict({**encoded, "label": [int(row["label"]) for row in rows]})

    def once(self):
        start = time.perf_counter()
        import tempfile

        from transformers import DataCollatorWithPadding, Trainer, TrainingArguments, default_data_collator

        tokenizer = self.tokenizer()
        train, dev = self.data("train.csv", tokenizer), self.data("dev.csv", tokenizer)
        with tempfile.TemporaryDirectory() as output:
            trainer = Trainer(
                model=self.model(),
                args=TrainingArguments(
                    output_dir=output,
                    num_train_epochs=1,
                    learning_rate=self.work["learning_rate"],
                    per_device_train_batch_size=self.work["batch"],
                    per_device_eval_batch_size=self.work["batch"],
                    max_grad_norm=self.work["max_grad_norm"],
                    train_sampling_strategy="group_by_length" if self.padding == "grouped" else "random",
                    bf16=self.precision == "bfloat16",
                    seed=self.work["seed"],
                    save_strategy="no",
                    report_to=[],
                    disable_tqdm=True,
                    use_cpu=True,
                ),
                train_dataset=train,
                eval_dataset=dev,
                data_collator=default_data_collator if self.padding == "fixed" else DataCollatorWithPadding(tokenizer),
                compute_metrics=lambda p: {"accuracy": float((p.predictions.argmax(-1) == p.label_ids).mean())},
            )
            prepared = time.perf_counter()
            trainer.train()
            trained = time.perf_counter()
            metrics = trainer.evaluate()
        return {
            "run_s": elapsed_ms(start) / 1000,
            "train_s": (trained - prepared),
            "eval_s": time.perf_counter() - trained,
            "eval_accuracy": metrics["eval_accuracy"],
        }


WORK = {"step": Step, "startup": Startup, "predict": Predict, "tokenize": Tokenize, "epoch": Epoch}


def main(folder, kind, *how):
    work = WORK[kind](Path(folder), *how)
    versions = {"python": platform.python_version(), **work.versions}
    answer(threads=work.threads, versions=versions, facts=work.facts)
    for _ in sys.stdin:
        answer(**work.once())


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as e:
        traceback.print_exc()
        first = str(e).strip().splitlines()
        print(f"{type(e).__name__}: {first[0] if first else ''}", file=sys.stderr)
        sys.exit(1)
