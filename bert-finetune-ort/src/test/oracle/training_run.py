"""golden/tiny_bert/run.*: 20 AdamW steps on the perturbed tiny_bert, as a user of PyTorch would run them."""
import random

import torch
from transformers import AutoTokenizer, BertForSequenceClassification

from common import EXAMPLES, GOLDEN, SIZES, micro_batches, name_micro_batches, save_json, save_tensors, train

FOLDER = GOLDEN / "tiny_bert"
SETTINGS = {
    "optimizer": "AdamW",
    "learning_rate": 1e-3,
    "weight_decay": 0.01,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-8,
    "max_grad_norm": 1.0,
    "schedule": "linear",
    "warmup_steps": 5,
    "total_steps": len(SIZES),
}


def main():
    torch.manual_seed(7)
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    examples = list(EXAMPLES)
    random.Random(7).shuffle(examples)
    labels = [random.Random(i).randrange(3) for i in range(len(examples))]
    steps = micro_batches(tokenizer, examples, labels, SIZES)

    load = lambda: BertForSequenceClassification.from_pretrained(FOLDER, attn_implementation="eager")
    model, truth = load(), load().double()
    log, exact = train(model, steps, SETTINGS), train(truth, steps, SETTINGS)

    weights = {name: parameter for name, parameter in model.named_parameters()}
    exact_weights = dict(truth.named_parameters())
    drift = {n: (w.double() - exact_weights[n]).abs().max().item() for n, w in weights.items()}
    print("loss", log["loss"])
    print("gradient norm", log["grad_norm"])
    print("loss, largest difference to float64", max(abs(a - b) for a, b in zip(log["loss"], exact["loss"])))
    print("weights, largest differences to float64", sorted(drift.items(), key=lambda e: -e[1])[:10])

    tensors = name_micro_batches(steps)
    tensors |= {"weight." + name: weight for name, weight in weights.items()}
    save_tensors(FOLDER / "run.safetensors", tensors, "training_run.py")
    save_json(FOLDER / "run.json", {
        "made_by": "src/test/oracle/training_run.py",
        "settings": SETTINGS,
        "micro_batch_sizes": SIZES,
        **log,
        "float64": exact,
        "float64_weight_difference": drift,
    })


if __name__ == "__main__":
    main()
