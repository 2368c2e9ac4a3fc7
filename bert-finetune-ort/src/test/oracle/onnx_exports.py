"""Exports tiny BERTs with random weights through both exporters of PyTorch, and saves them as safetensors beside.

    pip install onnxscript==0.7.2
    python onnx_exports.py

Makes ../resources/onnx_exports/script/ (TorchScript exporter, opset 14, eager attention) and dynamo/ (torch.export,
opset 18, scaled_dot_product_attention), each with model.onnx, model.safetensors and config.json. The tests read the
parameters back from the graphs and compare. In script/, a bias, a LayerNorm weight and a matrix are equal in both
layers: this exporter keeps the names of such tensors with Identity.
"""
import onnx
import torch
from transformers import BertConfig, BertForSequenceClassification

from common import RESOURCES

FOLDER = RESOURCES / "onnx_exports"
NAMES = ["input_ids", "attention_mask", "token_type_ids"]


def tiny(attention, shared):
    config = BertConfig(
        vocab_size=20,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        max_position_embeddings=16,
        num_labels=3,
    )
    config._attn_implementation = attention
    model = BertForSequenceClassification(config).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.5)
        if shared:
            first, second = model.bert.encoder.layer
            second.attention.self.query.bias.copy_(first.attention.self.query.bias)
            second.output.LayerNorm.weight.copy_(first.output.LayerNorm.weight)
            second.output.dense.weight.copy_(first.output.dense.weight)
    return model


def without_notes(path):
    """Leaves out what exporters write for people, so that the files stay small."""
    model = onnx.load(path)
    del model.metadata_props[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.value_info[:]
    onnx.checker.check_model(model)
    onnx.save_model(model, path, save_as_external_data=False)
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    ids = torch.arange(1, 11).reshape(2, 5)
    batch, sequence = torch.export.Dim("batch"), torch.export.Dim("sequence", max=16)
    for name, model, settings in [
        (
            "script",
            tiny("eager", shared=True),
            {"opset_version": 14, "dynamo": False, "dynamic_axes": {n: {0: "batch", 1: "sequence"} for n in NAMES}},
        ),
        (
            "dynamo",
            tiny("sdpa", shared=False),
            {"opset_version": 18, "dynamo": True, "dynamic_shapes": [{0: batch, 1: sequence}] * 3},
        ),
    ]:
        folder = FOLDER / name
        model.save_pretrained(folder)
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids), torch.zeros_like(ids)),
            folder / "model.onnx",
            input_names=NAMES,
            output_names=["logits"],
            external_data=False,
            **settings,
        )
        without_notes(folder / "model.onnx")
