"""golden/adamw.json: torch.optim.AdamW in float64, 50 steps on given gradients."""
import torch

from common import GOLDEN, save_json

STEPS = 50
SHAPES = {"matrix": [4, 3], "vector": [7]}
KEPT = [1, 2, 10, STEPS]
CASES = [
    {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0},
    {"learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
    {"learning_rate": 0.003, "beta1": 0.8, "beta2": 0.98, "epsilon": 1e-4, "weight_decay": 0.1},
]


def optimise(initial, gradients, case):
    parameters = {name: torch.nn.Parameter(value.clone()) for name, value in initial.items()}
    optimizer = torch.optim.AdamW(
        parameters.values(),
        lr=case["learning_rate"],
        betas=(case["beta1"], case["beta2"]),
        eps=case["epsilon"],
        weight_decay=case["weight_decay"],
        foreach=False,
        fused=False,
    )
    after = {}
    for step in range(1, STEPS + 1):
        for name, parameter in parameters.items():
            parameter.grad = gradients[name][step - 1].clone()
        optimizer.step()
        if step in KEPT:
            after[str(step)] = {name: p.flatten().tolist() for name, p in parameters.items()}
    return after


def main():
    generator = torch.Generator().manual_seed(7)
    # Numbers that float32 holds exactly, of sizes from 1e-4 to 10.
    random = lambda *shape: torch.randn(*shape, generator=generator).double()
    initial = {name: random(*shape) for name, shape in SHAPES.items()}
    gradients = {}
    for name, shape in SHAPES.items():
        size = 10 ** torch.linspace(-4, 1, STEPS)[torch.randperm(STEPS, generator=generator)]
        gradients[name] = (random(STEPS, *shape) * size.double().reshape(STEPS, *[1] * len(shape))).float().double()
        gradients[name][20] = 0.0
    save_json(GOLDEN / "adamw.json", {
        "made_by": "src/test/oracle/adamw.py",
        "shapes": SHAPES,
        "initial": {name: value.flatten().tolist() for name, value in initial.items()},
        "gradients": {name: value.reshape(STEPS, -1).tolist() for name, value in gradients.items()},
        "cases": [case | {"after": optimise(initial, gradients, case)} for case in CASES],
    })


if __name__ == "__main__":
    main()
