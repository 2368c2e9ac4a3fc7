"""golden/linear_schedule.json: the factors of get_linear_schedule_with_warmup over 1,000 steps."""
import torch
from transformers import get_linear_schedule_with_warmup

from common import GOLDEN, save_json

STEPS = 1000
WARMUPS = [0, 1, 100, STEPS]


def factors(warmup):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = get_linear_schedule_with_warmup(optimizer, warmup, STEPS)
    values = []
    for _ in range(STEPS):
        values.append(float(schedule.get_last_lr()[0]))
        optimizer.step()
        schedule.step()
    return values


def main():
    save_json(GOLDEN / "linear_schedule.json", {
        "made_by": "src/test/oracle/schedule.py",
        "total_steps": STEPS,
        "cases": [{"warmup_steps": warmup, "factors": factors(warmup)} for warmup in WARMUPS],
    })


if __name__ == "__main__":
    main()
