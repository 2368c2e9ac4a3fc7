"""golden/tiny_bert/losses.safetensors: the loss of the batch of parity.safetensors with smoothed labels and weighted classes."""
import torch
from safetensors.torch import load_file
from transformers import BertForSequenceClassification
from transformers.trainer_pt_utils import LabelSmoother

from common import GOLDEN, save_tensors

FOLDER = GOLDEN / "tiny_bert"
SMOOTHING = 0.1
WEIGHTS = torch.tensor([0.5, 3.0, 1.25], dtype=torch.float64)
KEPT = ["classifier.weight", "classifier.bias", "bert.pooler.dense.weight", "bert.embeddings.LayerNorm.weight"]


def losses(output, labels):
    cross_entropy = torch.nn.functional.cross_entropy
    return {
        "smoothed": LabelSmoother(epsilon=SMOOTHING)(output, labels),
        "weighted": cross_entropy(output.logits, labels, weight=WEIGHTS),
        "both": cross_entropy(output.logits, labels, weight=WEIGHTS, label_smoothing=SMOOTHING),
    }


def main():
    batch = load_file(FOLDER / "parity.safetensors")
    inputs = {name: batch[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
    tensors = {"label_smoothing_factor": torch.tensor([SMOOTHING]), "class_weights": WEIGHTS.float()}
    for name in ("smoothed", "weighted", "both"):
        model = BertForSequenceClassification.from_pretrained(FOLDER, attn_implementation="eager").double().eval()
        loss = losses(model(**inputs), batch["labels"])[name]
        loss.backward()
        parameters = dict(model.named_parameters())
        norm = torch.stack([p.grad.norm() for p in parameters.values()]).norm()
        print(name, loss.item(), norm.item())
        tensors[f"{name}.loss"] = loss.float().reshape(1)
        tensors[f"{name}.grad_norm"] = norm.float().reshape(1)
        tensors |= {f"{name}.grad.{parameter}": parameters[parameter].grad.float() for parameter in KEPT}
    save_tensors(FOLDER / "losses.safetensors", tensors, "losses.py")


if __name__ == "__main__":
    main()
