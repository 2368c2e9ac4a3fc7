"""golden/plateau.json: the learning rates of PyTorch's ReduceLROnPlateau after each of some evaluations."""
import json
import random
from pathlib import Path

import torch

FILE = Path(__file__).resolve().parent.parent / "resources" / "golden" / "plateau.json"
LEARNING_RATE = 5e-5
SETTINGS = [
    {},
    {"patience": 2},
    {"patience": 0, "factor": 0.5},
    {"patience": 1, "factor": 0.3, "cooldown": 2},
    {"patience": 1, "factor": 0.5, "threshold": 0.05},
    {"patience": 1, "factor": 0.5, "threshold": 0.02, "threshold_mode": "abs"},
    {"patience": 1, "factor": 0.5, "min_lr": 8e-6},
    {"patience": 0, "factor": 0.1, "eps": 1e-7},
    {"mode": "max", "patience": 1, "factor": 0.5},
    {"mode": "max", "patience": 1, "factor": 0.7, "threshold": 0.03, "threshold_mode": "abs", "cooldown": 1},
    {"mode": "max", "patience": 0, "factor": 0.9, "threshold": 0.1},
]


def series(seed, start, drift, noise, length=40):
    random.seed(seed)
    return [start + drift * min(i, 12) + random.uniform(-noise, noise) for i in range(length)]


SERIES = [series(1, 0.7, -0.03, 0.05), series(2, 0.5, 0.02, 0.04), [0.5] * 40, series(3, -0.2, 0.04, 0.1)]


def rates(settings, values):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **settings)
    found = [optimizer.param_groups[0]["lr"]]
    for value in values:
        schedule.step(value)
        found.append(optimizer.param_groups[0]["lr"])
    return found


def main():
    golden = {
        "made_by": "bert-finetune-api/src/test/oracle/plateau.py",
        "base_learning_rate": LEARNING_RATE,
        "cases": [
            {"kwargs": settings, "evaluations": values, "rates": rates(settings, values)}
            for settings in SETTINGS
            for values in SERIES
        ],
    }
    FILE.write_text(json.dumps(golden, separators=(",", ":"), allow_nan=False) + "\n", encoding="ascii")
    print(FILE.name, len(golden["cases"]), "cases", FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
