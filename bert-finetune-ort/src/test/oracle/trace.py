"""golden/tiny_bert/trace.safetensors: hidden states and attentions of a short text and a pair, in one padded batch."""
import torch
from transformers import AutoTokenizer, BertForSequenceClassification

from common import EXAMPLES, GOLDEN, encode, save_tensors

FOLDER = GOLDEN / "tiny_bert"


def main():
    model = BertForSequenceClassification.from_pretrained(FOLDER, attn_implementation="eager").double().eval()
    batch = encode(AutoTokenizer.from_pretrained(FOLDER), [EXAMPLES[3], EXAMPLES[10]])
    assert (batch["attention_mask"] == 0).any() and (batch["token_type_ids"] == 1).any()
    with torch.no_grad():
        output = model(**batch, output_hidden_states=True, output_attentions=True)
    tensors = {name: batch[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
    tensors["logits"] = output.logits.float()
    for i, hidden in enumerate(output.hidden_states):
        tensors[f"hidden_states.{i}"] = hidden.float()
    for i, attention in enumerate(output.attentions):
        tensors[f"attentions.{i}"] = attention.float()
    save_tensors(FOLDER / "trace.safetensors", tensors, "trace.py")


if __name__ == "__main__":
    main()
