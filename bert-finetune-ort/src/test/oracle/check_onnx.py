"""Checks ONNX files that this library wrote: onnx.checker with shape inference, and a load by ONNX Runtime.

    python check_onnx.py FILE...

Answers with 0 if all are in order. FILE may be written by the tests: -Donnx.keep=FOLDER of OnnxWriterTest.
"""
import sys

import onnx
import onnxruntime


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = ", ".join(f"{i.name} {i.type} {i.shape}" for i in session.get_inputs())
    outputs = ", ".join(f"{o.name} {o.type} {o.shape}" for o in session.get_outputs())
    print(f"{path}: {len(model.graph.node)} nodes, {len(model.graph.initializer)} initializers; {inputs} -> {outputs}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for argument in sys.argv[1:]:
        check(argument)
