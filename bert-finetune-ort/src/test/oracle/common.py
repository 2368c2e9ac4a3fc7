"""Paths, example texts and small tools that the golden scripts share."""
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

ORACLE = Path(__file__).resolve().parent
RESOURCES = ORACLE.parent / "resources"
TINY = RESOURCES / "tiny_bert"
GOLDEN = RESOURCES / "golden"

# A text, or a pair of texts; own sentences.
EXAMPLES = [
    "The soup was cold.",
    ("Is the museum open on Monday?", "It is open every day except Monday, from ten to five."),
    "I waited forty minutes for a table, the waiter forgot our order twice, and still "
    "we would come back for the bread.",
    "Fine.",
    "What a lovely little book!",
    "The second season is worse than the first in every way I can think of.",
    ("Who wrote the report?", "The report was written by two students."),
    "Delivery took three weeks.",
    "Nothing special, but it does what it says.",
    "My daughter has played this game every evening since her birthday and laughs each time the frog falls in.",
    ("Can I pay by card?", "Yes."),
    "It broke.",
    "An honest, quiet film about growing old.",
    "The room smelled of paint and the window would not close, so we moved to another hotel the same night.",
    "Average food, average price.",
    ("Where does the train to the coast leave?", "Platform 7, at 9:45; change at the second stop."),
    "Best coffee in town, and they know it.",
    "The manual has 312 pages and not one useful picture.",
    "Would buy again.",
    "He talked for an hour and said nothing, which is a kind of talent, I suppose.",
    ("Does the jacket keep the rain out?", "For an hour, perhaps; after that you are as wet as without it."),
    "Crème brûlée like in Paris!",
    "Too loud.",
    "The update fixed the crash but the map is still missing half of the streets near my house.",
]


def save_json(path, value):
    """Writes compact JSON, one line, ASCII only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, separators=(",", ":"), allow_nan=False) + "\n", encoding="ascii")
    print(path.name, path.stat().st_size, "bytes")


def save_tensors(path, tensors, script):
    """Writes a safetensors file that names the script it was made by; one entry, for their order is not fixed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    save_file(tensors, path, metadata={"made_by": f"src/test/oracle/{script}"})
    print(path.name, path.stat().st_size, "bytes")


def encode(tokenizer, examples):
    """A batch padded to its own longest example: input_ids, attention_mask, token_type_ids."""
    pairs = [(e, None) if isinstance(e, str) else e for e in examples]
    encodings = [tokenizer(first, second) for first, second in pairs]
    return tokenizer.pad(encodings, padding="longest", return_tensors="pt")


def decay_groups(model, weight_decay):
    """The two parameter groups of the HF Trainer: biases and LayerNorm do not decay."""
    plain = lambda name: name.endswith(".bias") or "LayerNorm" in name
    named = list(model.named_parameters())
    return [
        {"params": [p for n, p in named if not plain(n)], "weight_decay": weight_decay},
        {"params": [p for n, p in named if plain(n)], "weight_decay": 0.0},
    ]


def train(model, steps, settings):
    """Trains on steps, each a list of micro-batches; returns per step the mean loss, gradient norm and learning rate.

    The gradient of a step is the sum over its examples divided by their number, however they fall into micro-batches.
    """
    from transformers import get_linear_schedule_with_warmup

    model.train()
    optimizer = torch.optim.AdamW(
        decay_groups(model, settings["weight_decay"]),
        lr=settings["learning_rate"],
        betas=(settings["adam_beta1"], settings["adam_beta2"]),
        eps=settings["adam_epsilon"],
        foreach=False,
        fused=False,
    )
    schedule = get_linear_schedule_with_warmup(optimizer, settings["warmup_steps"], len(steps))
    log = {"loss": [], "grad_norm": [], "learning_rate": []}
    for micros in steps:
        examples = sum(len(m["labels"]) for m in micros)
        total = 0.0
        for m in micros:
            inputs = {k: m[k] for k in ("input_ids", "attention_mask", "token_type_ids")}
            logits = model(**inputs).logits
            loss = torch.nn.functional.cross_entropy(logits, m["labels"], reduction="sum")
            (loss / examples).backward()
            total += loss.item()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), settings["max_grad_norm"])
        log["loss"].append(total / examples)
        log["grad_norm"].append(norm.item())
        log["learning_rate"].append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    return log


def micro_batches(tokenizer, examples, labels, sizes):
    """Cuts the examples, in order, into steps of micro-batches; sizes is a list of lists."""
    position = 0
    steps = []
    for step in sizes:
        micros = []
        for size in step:
            part = [examples[(position + k) % len(examples)] for k in range(size)]
            batch = encode(tokenizer, part)
            micro = {k: batch[k] for k in ("input_ids", "attention_mask", "token_type_ids")}
            micro["labels"] = torch.tensor([labels[(position + k) % len(examples)] for k in range(size)])
            micros.append(micro)
            position += size
        steps.append(micros)
    return steps


def name_micro_batches(steps):
    return {
        f"step.{i}.micro.{j}.{key}": tensor
        for i, micros in enumerate(steps)
        for j, micro in enumerate(micros)
        for key, tensor in micro.items()
    }


SIZES = [[2, 2, 2, 2]] * 19 + [[2, 2, 1]]
