package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.CudaLowering;
import io.bertfinetune.ort.lowering.Lowering;
import io.bertfinetune.ort.onnx.OnnxWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the gradients of softmax, LayerNorm and GELU are computed by one kernel each. Builds of ONNX Runtime with
 * training have such kernels, others do not; what a build offers is found out by asking it for a session with all three.
 */
public enum FusedKernels {
    /** By one kernel if the build has it, by plain operators otherwise. */
    WHERE_OFFERED,
    /** By plain operators, whatever the build has. */
    NEVER;

    /** The system property that says {@link #NEVER} if it is set to false. */
    static final String PROPERTY = "io.bertfinetune.cuda.fused";

    /** What {@link #PROPERTY} says; {@link #WHERE_OFFERED} unless it is false. */
    static FusedKernels chosen() {
        return System.getProperty(PROPERTY, "true").equals("false") ? NEVER : WHERE_OFFERED;
    }

    /** The lowering for each precision. */
    Map<Precision, Lowering> lowerings(OrtEnv env, Optional<CudaOptions> cuda) {
        boolean fused = this == WHERE_OFFERED && areOffered(env, cuda);
        Map<Precision, Lowering> lowerings = new EnumMap<>(Precision.class);
        for (Precision precision : Precision.values()) {
            lowerings.put(precision, fused ? CudaLowering.fusedIn(precision) : CudaLowering.in(precision));
        }
        return lowerings;
    }

    /** Whether a session with all of them can be made, and none of them would run elsewhere than asked for. */
    static boolean areOffered(OrtEnv env, Optional<CudaOptions> cuda) {
        Program program = program();
        byte[] model =
                OnnxWriter.toBytes(CudaLowering.fusedIn(Precision.FLOAT32).lower(program));
        try (Session session = Session.open(
                env,
                model,
                program.inputs().keySet(),
                program.outputs().keySet(),
                new Session.Options(1, cuda, List.of()))) {
            return cuda.isEmpty() || session.nodesOnProcessor().isEmpty();
        } catch (OrtStatusException e) {
            return false;
        }
    }

    /** The smallest program whose backward pass has all of them. */
    private static Program program() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, Shape.of(2, 4));
        Value weight = graph.input("weight", DataType.FLOAT, Shape.of(4));
        Value bias = graph.input("bias", DataType.FLOAT, Shape.of(4));
        Value y = x.layerNorm(weight, bias, 1e-12).gelu().softmax();
        Value gradient = Autodiff.gradients(y.times(x).sum(), List.of(weight))
                .values()
                .iterator()
                .next();
        return Program.of("fused kernels", Map.of("gradient", gradient));
    }
}
