"""golden/tiny_bert: a perturbed tiny_bert whose logits depend on its input, and its logits, loss and gradients."""
import shutil

import torch
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

from common import EXAMPLES, GOLDEN, TINY, encode, save_json, save_tensors

FOLDER = GOLDEN / "tiny_bert"
LABELS = ["negative", "neutral", "positive"]


def perturbed():
    """Biases + N(0, 0.2), LayerNorm weights 1 + N(0, 0.2), matrices + N(0, 0.1), a new classifier N(0, 0.4)."""
    torch.manual_seed(7)
    config = BertConfig.from_pretrained(
        TINY,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        num_labels=3,
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
    )
    model = BertForSequenceClassification.from_pretrained(
        TINY, config=config, dtype=torch.float32, ignore_mismatched_sizes=True
    )
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape)
            if name == "classifier.weight":
                parameter.copy_(0.4 * noise)
            elif name.endswith("LayerNorm.weight"):
                parameter.copy_(1 + 0.2 * noise)
            elif name.endswith(".bias"):
                parameter.add_(0.2 * noise)
            else:
                parameter.add_(0.1 * noise)
    return model


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    perturbed().save_pretrained(FOLDER)
    for file in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copyfile(TINY / file, FOLDER / file)

    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    model, report = BertForSequenceClassification.from_pretrained(
        FOLDER, output_loading_info=True, attn_implementation="eager"
    )
    assert not any(report.values()), report
    model = model.double().eval()

    every = encode(tokenizer, EXAMPLES)
    with torch.no_grad():
        spread = model(**every).logits.std(dim=0)
    print("std of logits across examples", spread.tolist())
    assert spread.min() > 0.1

    examples = EXAMPLES[:4]
    labels = torch.tensor([0, 1, 2, 0])
    batch = encode(tokenizer, examples)
    output = model(**batch, labels=labels)
    output.loss.backward()
    tensors = {
        "input_ids": batch["input_ids"],
        "attention_mask": batch["attention_mask"],
        "token_type_ids": batch["token_type_ids"],
        "labels": labels,
        "logits": output.logits.float(),
        "loss": output.loss.float().reshape(1),
    }
    for name, parameter in model.named_parameters():
        tensors["grad." + name] = parameter.grad.float()
    save_tensors(FOLDER / "parity.safetensors", tensors, "tiny_bert.py")

    texts = []
    for example in EXAMPLES:
        first, second = (example, None) if isinstance(example, str) else example
        encoding = tokenizer(first, second)
        texts.append({
            "text": first,
            "pair": second,
            "input_ids": encoding["input_ids"],
            "token_type_ids": encoding["token_type_ids"],
        })
    with torch.no_grad():
        logits = [model(**encode(tokenizer, [e])).logits[0].float().tolist() for e in EXAMPLES]
    save_json(FOLDER / "texts.json", {
        "made_by": "src/test/oracle/tiny_bert.py",
        "parity_batch": list(range(len(examples))),
        "texts": texts,
        "logits": logits,
    })


if __name__ == "__main__":
    main()
