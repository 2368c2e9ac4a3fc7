package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.Numbers;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What tests of oneDNN and its products of bfloat16 share. */
final class Bf16 {
    private Bf16() {}

    /** Skips the test where the processor has no such products. */
    static void assumeThere() {
        assumeThat(OneDnn.missing())
                .as("products of bfloat16 on this processor")
                .isEmpty();
    }

    static CApiEngine engine(int threads) {
        return CApiEngine.cpuWithOneDnn(NativeBuild.MICROSOFT, threads);
    }

    /** To the nearest of bfloat16, to the even one between two. */
    static double round(double number) {
        int bits = Float.floatToRawIntBits((float) number);
        return Float.intBitsToFloat((bits + 0x7FFF + ((bits >>> 16) & 1)) & 0xFFFF0000);
    }

    static double[] round(double[] numbers) {
        double[] rounded = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            rounded[i] = round(numbers[i]);
        }
        return rounded;
    }

    /** So many numbers of each name between -1 and 1, the same at every run whatever the order of the names. */
    static Map<String, double[]> random(Map<String, Long> counts) {
        Map<String, double[]> numbers = new LinkedHashMap<>();
        counts.forEach((name, count) -> numbers.put(
                name,
                new Random(name.hashCode())
                        .doubles(count, -1, 1)
                        .map(number -> (float) number)
                        .toArray()));
        return numbers;
    }

    /** The outputs of a program with its products in bfloat16. */
    static Map<String, double[]> run(
            Engine engine, Program program, Map<String, double[]> inputs, Map<String, Long> sizes) {
        try (Executable executable = engine.compile(program, Precision.BFLOAT16)) {
            return run(engine, executable, program, inputs, sizes);
        }
    }

    static Map<String, double[]> run(
            Engine engine,
            Executable executable,
            Program program,
            Map<String, double[]> inputs,
            Map<String, Long> sizes) {
        Map<String, DeviceTensor> in = new HashMap<>();
        Map<String, DeviceTensor> out = new LinkedHashMap<>();
        Map<String, double[]> results = new LinkedHashMap<>();
        try {
            program.inputs()
                    .forEach((name, value) ->
                            in.put(name, Numbers.tensor(engine, value.type(), dims(value, sizes), inputs.get(name))));
            program.outputs()
                    .forEach((name, value) -> out.put(name, engine.allocate(value.type(), dims(value, sizes))));

            executable.run(in, out);

            out.forEach((name, tensor) -> results.put(name, Numbers.read(tensor)));
            return results;
        } finally {
            in.values().forEach(DeviceTensor::close);
            out.values().forEach(DeviceTensor::close);
        }
    }

    private static long[] dims(Value value, Map<String, Long> sizes) {
        return value.shape().toArray(sizes);
    }
}
