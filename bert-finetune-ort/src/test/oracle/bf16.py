"""golden/bf16.json: how far PyTorch's gradients under autocast to bfloat16 are from those in float64.

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
    model.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        model(**batch).loss.backward()
    return {name: parameter.grad.double() for name, parameter in model.named_parameters()}


def measured(folder, parity, samples):
    """The relative L2 distance of all gradients together, or of the sampled ones; that of the nearer attention."""
    tensors = load_file(parity)
    batch = {name: tensors[name] for name in ("input_ids", "attention_mask", "token_type_ids", "labels")}
    distances = {}
    for attention in ("eager", "sdpa"):
        model = BertForSequenceClassification.from_pretrained(
            folder, attn_implementation=attention, dtype=torch.float32
        ).eval()
        exact = gradients(copy.deepcopy(model).double(), batch, False)
        found = gradients(model, batch, True)
        picked = [
            (found[n].flatten()[tensors[f"grad.{n}.index"]], exact[n].flatten()[tensors[f"grad.{n}.index"]])
            if samples
            else (found[n], exact[n])
            for n in exact
        ]
        square = sum(e.pow(2).sum() for _, e in picked)
        distances[attention] = (sum((f - e).pow(2).sum() for f, e in picked) / square).sqrt().item()
    print(folder, distances)
    return {"distance": min(distances.values()), **distances}


def main():
    golden = {"made_by": "src/test/oracle/bf16.py"}
    golden["tiny"] = measured(GOLDEN / "tiny_bert", GOLDEN / "tiny_bert" / "parity.safetensors", False)
    if len(sys.argv) > 1:
        golden["minilm"] = measured(sys.argv[1], GOLDEN / "minilm" / "parity.safetensors", True)
    save_json(GOLDEN / "bf16.json", golden)


if __name__ == "__main__":
    main()
