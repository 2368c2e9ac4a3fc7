"""golden/bf16.json: how far PyTorch's gradients and logits under autocast to bfloat16 are from those in float64.

usage: bf16.py [MINILM], after tiny_bert.py and minilm.py
MINILM  MiniLM as an HF folder, as minilm.py --folder writes it (default: only the tiny BERT is measured)
"""
import copy
import sys

import torch
from safetensors.torch import load_file
from transformers import BertForSequenceClassification

from common import GOLDEN, save_json


def gradients(model, batch, autocast):
    """The gradients of all parameters, and the logits each above the first of its example."""
    model.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        output = model(**batch)
        output.loss.backward()
    logits = output.logits.detach().double()
    return {name: parameter.grad.double() for name, parameter in model.named_parameters()}, logits - logits[:, :1]


def measured(folder, parity, samples):
    """The relative L2 distances of all gradients together, or of the sampled ones, and of the logits.

    Each with both kinds of attention, and that of the nearer one.
    """
    tensors = load_file(parity)
    batch = {name: tensors[name] for name in ("input_ids", "attention_mask", "token_type_ids", "labels")}
    distances = {}
    of_logits = {}
    for attention in ("eager", "sdpa"):
        model = BertForSequenceClassification.from_pretrained(
            folder, attn_implementation=attention, dtype=torch.float32
        ).eval()
        exact, exact_logits = gradients(copy.deepcopy(model).double(), batch, False)
        found, logits = gradients(model, batch, True)
        of_logits[attention] = ((logits - exact_logits).norm() / exact_logits.norm()).item()
        picked = [
            (found[n].flatten()[tensors[f"grad.{n}.index"]], exact[n].flatten()[tensors[f"grad.{n}.index"]])
            if samples
            else (found[n], exact[n])
            for n in exact
        ]
        square = sum(e.pow(2).sum() for _, e in picked)
        distances[attention] = (sum((f - e).pow(2).sum() for f, e in picked) / square).sqrt().item()
    print(folder, distances, of_logits)
    return {
        "distance": min(distances.values()),
        **distances,
        "logits": {"distance": min(of_logits.values()), **of_logits},
    }


def main():
    golden = {"made_by": "src/test/oracle/bf16.py"}
    golden["tiny"] = measured(GOLDEN / "tiny_bert", GOLDEN / "tiny_bert" / "parity.safetensors", False)
    if len(sys.argv) > 1:
        golden["minilm"] = measured(sys.argv[1], GOLDEN / "minilm" / "parity.safetensors", True)
    save_json(GOLDEN / "bf16.json", golden)


if __name__ == "__main__":
    main()
