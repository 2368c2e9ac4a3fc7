"""golden/optimizers.json of bert-finetune-api: AdamW, SGD and Adafactor in float64, 50 steps on given gradients."""
import torch
from transformers.optimization import Adafactor

from common import ORACLE, save_json

API = ORACLE.parents[3] / "bert-finetune-api"
FOLDER = API / "src" / "test" / "resources" / "golden"
STEPS = 50
SHAPES = {"matrix": [4, 3], "vector": [7], "cube": [2, 3, 4]}
KEPT = [1, 2, 10, STEPS]
ADAMW = {"optimizer": "AdamW", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
SGD = {"optimizer": "Sgd", "momentum": 0.0, "nesterov": False}
ADAFACTOR = {"optimizer": "Adafactor", "epsilon": 1e-30, "clip_threshold": 1.0, "decay_rate": -0.8}
CASES = [
    ADAMW | {"learning_rate": 0.01, "weight_decay": 0.0},
    ADAMW | {"learning_rate": 0.01, "weight_decay": 0.01},
    ADAMW | {"beta1": 0.8, "beta2": 0.98, "epsilon": 1e-4, "learning_rate": 0.003, "weight_decay": 0.1},
    SGD | {"learning_rate": 0.01, "weight_decay": 0.0},
    SGD | {"learning_rate": 0.01, "weight_decay": 0.1},
    SGD | {"momentum": 0.9, "learning_rate": 0.003, "weight_decay": 0.0},
    SGD | {"momentum": 0.8, "nesterov": True, "learning_rate": 0.003, "weight_decay": 0.1},
    ADAFACTOR | {"learning_rate": 0.01, "weight_decay": 0.0},
    ADAFACTOR | {"learning_rate": 0.01, "weight_decay": 0.1},
    ADAFACTOR | {"epsilon": 1e-6, "clip_threshold": 0.3, "decay_rate": -0.5, "learning_rate": 0.02, "weight_decay": 0.0},
]


def optimizer_of(parameters, case):
    common = {"lr": case["learning_rate"], "weight_decay": case["weight_decay"]}
    if case["optimizer"] == "AdamW":
        betas = (case["beta1"], case["beta2"])
        return torch.optim.AdamW(parameters, betas=betas, eps=case["epsilon"], foreach=False, fused=False, **common)
    if case["optimizer"] == "Sgd":
        return torch.optim.SGD(
            parameters, momentum=case["momentum"], nesterov=case["nesterov"], foreach=False, fused=False, **common
        )
    return Adafactor(
        parameters,
        eps=(case["epsilon"], 1e-3),
        clip_threshold=case["clip_threshold"],
        decay_rate=case["decay_rate"],
        beta1=None,
        scale_parameter=False,
        relative_step=False,
        **common,
    )


def optimise(initial, gradients, case):
    parameters = {name: torch.nn.Parameter(value.clone()) for name, value in initial.items()}
    optimizer = optimizer_of(list(parameters.values()), case)
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
    save_json(FOLDER / "optimizers.json", {
        "made_by": "bert-finetune-ort/src/test/oracle/optimizers.py",
        "shapes": SHAPES,
        "initial": {name: value.flatten().tolist() for name, value in initial.items()},
        "gradients": {name: value.reshape(STEPS, -1).tolist() for name, value in gradients.items()},
        "cases": [case | {"after": optimise(initial, gradients, case)} for case in CASES],
    })


if __name__ == "__main__":
    main()
