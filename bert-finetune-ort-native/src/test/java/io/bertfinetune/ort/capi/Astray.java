package io.bertfinetune.ort.capi;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.ort.onnx.ElementType;
import io.bertfinetune.ort.onnx.OnnxDimension;
import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import io.bertfinetune.ort.onnx.OnnxValueInfo;
import io.bertfinetune.ort.onnx.OnnxWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Opens a session on the stand-in for CUDA with a node that runs on the processor, and prints what is said of it. */
final class Astray {
    private Astray() {}

    public static void main(String[] args) throws OrtStatusException {
        List<OnnxDimension> four = List.of(OnnxDimension.of(4));
        OnnxModel model = new OnnxModel(
                new OnnxGraph(
                        "loss",
                        List.of(new OnnxNode("the mean", "Mean", "", List.of("x", "x"), List.of("y"), Map.of())),
                        List.of(new OnnxValueInfo("x", ElementType.FLOAT, four)),
                        List.of(new OnnxValueInfo("y", ElementType.FLOAT, four)),
                        List.of()),
                9,
                Map.of("", 18));
        Session session = Session.open(
                Natives.load(Natives.choose(true)).env(),
                OnnxWriter.toBytes(model),
                Set.of("x"),
                Set.of("y"),
                new Session.Options(1, Optional.of(CudaOptions.of(0)), List.of()));
        try {
            CApiEngine.requireOnDevice(model, session);
        } catch (EngineException e) {
            System.out.println(e.getMessage());
        }
    }
}
