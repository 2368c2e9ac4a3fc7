package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.OpSample;
import io.bertfinetune.ort.graph.OpSamples;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs every operator and its gradient in every precision, once, on the stand-in for CUDA. */
final class EveryProgram {
    private static final Map<String, Long> SIZES = OpSamples.SIZES.get(0);

    private EveryProgram() {}

    public static void main(String[] args) {
        int programs = 0;
        int failures = 0;
        try (Engine engine = new CApiProvider().open(Device.cuda(0)).orElseThrow()) {
            for (Op op : Op.values()) {
                for (OpSample sample : OpSamples.samplesOf(op)) {
                    for (Precision precision : Precision.values()) {
                        programs++;
                        try {
                            run(engine, withGradients(sample), precision);
                        } catch (RuntimeException e) {
                            failures++;
                            System.out.println(sample + " in " + precision + ": " + e.getMessage());
                        }
                    }
                }
            }
        }
        System.out.println("programs=" + programs + " failures=" + failures);
    }

    private static Program withGradients(OpSample sample) {
        Map<String, Value> outputs = new LinkedHashMap<>(sample.outputs());
        Autodiff.gradients(sample.loss(), sample.differentiable())
                .forEach((input, gradient) -> outputs.put("gradient of " + input.name(), gradient));
        return Program.of(sample.toString(), outputs);
    }

    private static void run(Engine engine, Program program, Precision precision) {
        Map<String, DeviceTensor> inputs = new HashMap<>();
        Map<String, DeviceTensor> outputs = new HashMap<>();
        try (Executable executable = engine.compile(program, precision)) {
            program.inputs()
                    .forEach((name, value) -> inputs.put(
                            name, engine.allocate(value.type(), value.shape().toArray(SIZES))));
            program.outputs()
                    .forEach((name, value) -> outputs.put(
                            name, engine.allocate(value.type(), value.shape().toArray(SIZES))));
            executable.run(inputs, outputs);
        } finally {
            inputs.values().forEach(DeviceTensor::close);
            outputs.values().forEach(DeviceTensor::close);
        }
    }
}
