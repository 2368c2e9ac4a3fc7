"""golden/schedules.json: the factors of get_scheduler over 1,000 steps: every seventh, those around corners, and the ends."""
import json
from pathlib import Path

import torch
from transformers import get_scheduler

FILE = Path(__file__).resolve().parent.parent / "resources" / "golden" / "schedules.json"
TOTAL = 1000
LEARNING_RATE = 5e-5
WARMUPS = [0, 1, 100, 333]
STEPS = sorted({*range(0, TOTAL, 7), *range(98, 103), *range(330, 336), *range(795, 803), *range(TOTAL - 3, TOTAL + 1)})
SETTINGS = [
    ("linear", {}),
    ("constant", {}),
    ("constant_with_warmup", {}),
    ("cosine", {}),
    ("cosine", {"num_cycles": 1.0}),
    ("cosine", {"num_cycles": 2.3}),
    ("cosine_with_restarts", {}),
    ("cosine_with_restarts", {"num_cycles": 4}),
    ("polynomial", {}),
    ("polynomial", {"power": 2.0, "lr_end": 1e-6}),
    ("polynomial", {"power": 0.5, "lr_end": 0.0}),
    ("inverse_sqrt", {}),
    ("inverse_sqrt", {"timescale": 50}),
    ("cosine_with_min_lr", {"min_lr_rate": 0.1}),
    ("cosine_with_min_lr", {"min_lr_rate": 0.25, "num_cycles": 1.5}),
    ("warmup_stable_decay", {"num_decay_steps": 200}),
    ("warmup_stable_decay", {"num_decay_steps": 200, "min_lr_ratio": 0.1}),
    ("warmup_stable_decay", {"num_decay_steps": 950, "min_lr_ratio": 0.2, "num_cycles": 1.5}),
]


def case(name, kwargs, warmup):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LEARNING_RATE)
    schedule = get_scheduler(name, optimizer, warmup, TOTAL, dict(kwargs))
    factor = schedule.lr_lambdas[0]
    return {
        "type": name,
        "kwargs": kwargs,
        "warmup_steps": warmup,
        "factors": [float(factor(step)) for step in STEPS],
    }


def main():
    golden = {
        "made_by": "bert-finetune-api/src/test/oracle/schedules.py",
        "total_steps": TOTAL,
        "base_learning_rate": LEARNING_RATE,
        "steps": STEPS,
        "cases": [case(name, kwargs, warmup) for name, kwargs in SETTINGS for warmup in WARMUPS],
    }
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(golden, separators=(",", ":"), allow_nan=False) + "\n", encoding="ascii")
    print(FILE.name, len(golden["cases"]), "cases", FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
