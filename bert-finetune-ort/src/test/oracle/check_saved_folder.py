"""Opens a folder that this library saved with transformers and ONNX Runtime and compares its logits.

usage: check_saved_folder.py FOLDER EXPECTED.json
EXPECTED.json holds {"texts": [...], "logits": [[...], ...]}; a text is a string, a pair of strings
or an object with "text" and "pair". With "log_probabilities" in place of "logits" the logits are
compared after log-softmax, which is what a prediction of this library tells.
Exit status 1 when a key is missing, unexpected or mismatched, or a logit differs by more than 1e-4.
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

TOLERANCE = 1e-4
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def text_and_pair(text):
    if isinstance(text, str):
        return text, None
    return (text["text"], text.get("pair")) if isinstance(text, dict) else tuple(text)


def largest_difference(name, found, expected):
    if found.shape != expected.shape:
        print(f"{name}: logits are {list(found.shape)}, expected {list(expected.shape)}")
        return float("inf")
    difference = float(np.abs(found - expected).max(initial=0.0))
    print(f"{name}: largest absolute difference of the logits {difference:.3g}")
    return difference if difference == difference else float("inf")


def comparable(logits, normalised):
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True) if normalised else logits


def main(folder, expected_file):
    expected = json.loads(expected_file.read_text(encoding="utf-8"))
    normalised = "log_probabilities" in expected
    logits = np.asarray(expected["log_probabilities" if normalised else "logits"], dtype=np.float64)
    pairs = [text_and_pair(text) for text in expected["texts"]]

    model, report = AutoModelForSequenceClassification.from_pretrained(folder, output_loading_info=True)
    wrong = 0
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        keys = sorted(str(key) for key in report[kind])
        print(f"{kind}: {keys if keys else 'none'}")
        wrong += len(keys)
    print("labels:", model.config.id2label)

    tokenizer = AutoTokenizer.from_pretrained(folder)
    encodings = [tokenizer(text, pair, truncation=True, return_token_type_ids=True) for text, pair in pairs]
    batch = tokenizer.pad(encodings, padding="longest", return_tensors="pt")
    batch = {name: batch[name] for name in INPUTS}
    with torch.no_grad():
        found = model.eval()(**batch).logits.double().numpy()
    differences = [largest_difference("transformers", comparable(found, normalised), logits)]

    onnx_file = folder / "model.onnx"
    if onnx_file.exists():
        session = onnxruntime.InferenceSession(str(onnx_file), providers=["CPUExecutionProvider"])
        for side, values in (("input", session.get_inputs()), ("output", session.get_outputs())):
            for value in values:
                print(f"model.onnx {side}: {value.name} {value.type} {value.shape}")
        found = session.run(["logits"], {name: tensor.numpy() for name, tensor in batch.items()})[0]
        found = comparable(found.astype(np.float64), normalised)
        differences.append(largest_difference("model.onnx", found, logits))
    else:
        print("model.onnx: absent, not compared")

    passed = wrong == 0 and max(differences) <= TOLERANCE
    print("passed" if passed else "FAILED")
    return 0 if passed else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
