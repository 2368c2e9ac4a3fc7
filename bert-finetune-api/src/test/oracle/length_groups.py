"""golden/length_groups.json: the orders of transformers' get_length_grouped_indices for given permutations."""
import json
import random
from pathlib import Path
from unittest import mock

import torch
from transformers.trainer_pt_utils import get_length_grouped_indices

FILE = Path(__file__).resolve().parent.parent / "resources" / "golden" / "length_groups.json"
SIZES = [(1, 8), (7, 8), (8, 1), (33, 2), (100, 4), (100, 25), (100, 30), (450, 2), (1000, 4)]


def case(rows, batch_size):
    draw = random.Random(rows * 1000 + batch_size)
    lengths = [draw.randint(3, 12) for _ in range(rows)]
    permutation = list(range(rows))
    draw.shuffle(permutation)
    with mock.patch("torch.randperm", lambda n, generator: torch.tensor(permutation)):
        order = get_length_grouped_indices(lengths, batch_size)
    return {"batch_size": batch_size, "lengths": lengths, "permutation": permutation, "order": order}


def main():
    golden = {
        "made_by": "bert-finetune-api/src/test/oracle/length_groups.py",
        "cases": [case(rows, batch_size) for rows, batch_size in SIZES],
    }
    FILE.write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="ascii")
    print(FILE.name, len(golden["cases"]), "cases", FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
