package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.OpSample;
import io.bertfinetune.ort.graph.OpSamples;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.Lowering;
import io.bertfinetune.ort.nn.Dropout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs every operator and its gradient in every precision, once, on the stand-in for CUDA, and a mask that is given as
 * bits. Prints the kinds of nodes that ran.
 */
final class EveryProgram {
    private EveryProgram() {}

    public static void main(String[] args) {
        int failures = 0;
        List<Program> programs = programs();
        Set<String> rows = new TreeSet<>();
        try (Engine engine = new CApiProvider().open(Device.cuda(0)).orElseThrow()) {
            Map<Precision, Lowering> lowerings = lowerings();
            for (Program program : programs) {
                for (Precision precision : Precision.values()) {
                    try {
                        run(engine, program, precision);
                        CudaKernels.rows(lowerings.get(precision).lower(program))
                                .values()
                                .forEach(row -> rows.add(row.toString()));
                    } catch (RuntimeException e) {
                        failures++;
                        System.out.println(program.name() + " in " + precision + ": " + e.getMessage());
                    }
                }
            }
        }
        rows.forEach(row -> System.out.println("ran: " + row));
        System.out.println("programs=" + programs.size() * Precision.values().length + " failures=" + failures);
    }

    /** How the engine lowers. */
    private static Map<Precision, Lowering> lowerings() {
        OrtEnv env = Natives.load(Natives.choose(true)).env();
        return FusedKernels.chosen().lowerings(env, Optional.of(CudaOptions.of(0)));
    }

    private static List<Program> programs() {
        List<Program> programs = new ArrayList<>(List.of(mask()));
        for (Op op : Op.values()) {
            for (OpSample sample : OpSamples.samplesOf(op)) {
                programs.add(withGradients(sample));
            }
        }
        return programs;
    }

    private static Program withGradients(OpSample sample) {
        Map<String, Value> outputs = new LinkedHashMap<>(sample.outputs());
        Autodiff.gradients(sample.loss(), sample.differentiable())
                .forEach((input, gradient) -> outputs.put("gradient of " + input.name(), gradient));
        return Program.of(sample.toString(), outputs);
    }

    private static Program mask() {
        Value x = new Graph()
                .input("x", DataType.FLOAT, Shape.of(Dim.named("batch"), Dim.named("sequence"), Dim.of(Byte.SIZE)));
        return Program.of("mask", Map.of("y", Dropout.packed().apply(x, 0.1)));
    }

    private static void run(Engine engine, Program program, Precision precision) {
        Map<String, Long> sizes = new HashMap<>(OpSamples.SIZES.get(0));
        sizes.put("dropout.0.bytes", sizes.get("batch") * sizes.get("sequence"));
        Map<String, DeviceTensor> inputs = new HashMap<>();
        Map<String, DeviceTensor> outputs = new HashMap<>();
        try (Executable executable = engine.compile(program, precision)) {
            program.inputs()
                    .forEach((name, value) -> inputs.put(
                            name, engine.allocate(value.type(), value.shape().toArray(sizes))));
            program.outputs()
                    .forEach((name, value) -> outputs.put(
                            name, engine.allocate(value.type(), value.shape().toArray(sizes))));
            executable.run(inputs, outputs);
        } finally {
            inputs.values().forEach(DeviceTensor::close);
            outputs.values().forEach(DeviceTensor::close);
        }
    }
}
