package io.bertfinetune.benchmarks;

import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The matrix products of a training step and nothing else: those of every layer, forward and backward, with the kernels
 * and threads of a step. What a step takes beyond them is what could still be saved.
 */
final class StepProducts implements Work {
    private final OrtEngine engine = OrtEngine.cpu();
    private final Part layer;
    private final Part last;
    private final int layers;

    StepProducts(StepWork work) {
        this.layers = work.model().layers();
        this.layer = new Part(work, work.length());
        this.last = new Part(work, 1);
    }

    @Override
    public Map<String, Double> once() {
        return Map.of("ms", Work.ms(() -> {
            for (int i = 1; i < layers; i++) {
                layer.run();
            }
            last.run();
        }));
    }

    @Override
    public void close() {
        layer.close();
        last.close();
        engine.close();
    }

    /** The products of one layer of which the first {@code positions} are wanted; they attend to all. */
    private final class Part implements AutoCloseable {
        private final Graph graph = new Graph();
        private final Map<String, Value> products = new LinkedHashMap<>();
        private final Executable program;
        private final Map<String, DeviceTensor> inputs;
        private final Map<String, DeviceTensor> outputs;

        Part(StepWork work, int positions) {
            BertSize size = work.model();
            long rows = (long) work.batch() * work.length();
            long wanted = (long) work.batch() * positions;
            linear("query", wanted, size.hidden(), size.hidden());
            linear("key", rows, size.hidden(), size.hidden());
            linear("value", rows, size.hidden(), size.hidden());
            attention(work, positions);
            linear("projection", wanted, size.hidden(), size.hidden());
            linear("intermediate", wanted, size.hidden(), size.intermediate());
            linear("output", wanted, size.intermediate(), size.hidden());
            this.program = engine.compile(Program.of("products", products));
            this.inputs = memory(graph.inputs(), 0.01f);
            this.outputs = memory(products, 0);
        }

        /** y = x·Wᵀ, and the gradients of x and W. */
        private void linear(String name, long rows, long in, long out) {
            Value x = input(name + ".x", rows, in);
            Value weight = input(name + ".weight", out, in);
            Value gradient = input(name + ".gradient", rows, out);
            products.put(name, x.gemm(weight, false, true, 1));
            products.put(name + ".of_x", gradient.gemm(weight, false, false, 1));
            products.put(name + ".of_weight", gradient.gemm(x, true, false, 1));
        }

        /** Scores, their mix of values, and the gradients of both. */
        private void attention(StepWork work, long positions) {
            BertSize size = work.model();
            long heads = size.heads();
            long width = size.hidden() / heads;
            Value queries = input("queries", positions, work.batch(), heads, width);
            Value keys = input("keys", work.length(), work.batch(), heads, width);
            Value values = input("values", work.length(), work.batch(), heads, width);
            Value shares = input("shares", work.batch(), heads, positions, work.length());
            Value mixed = input("of_mix", positions, work.batch(), heads, width);
            Value scores = input("of_scores", work.batch(), heads, positions, work.length());
            products.put("scores", queries.headScores(keys, 1));
            products.put("mix", shares.headMix(values, false, 1));
            products.put("of_shares", mixed.headScores(values, 1));
            products.put("of_values", shares.headMix(mixed, true, 1));
            products.put("of_queries", scores.headMix(keys, false, 1));
            products.put("of_keys", scores.headMix(queries, true, 1));
        }

        private Value input(String name, long... shape) {
            return graph.input("in." + name, DataType.FLOAT, Shape.of(shape));
        }

        private Map<String, DeviceTensor> memory(Map<String, Value> values, float number) {
            Map<String, DeviceTensor> tensors = new LinkedHashMap<>();
            values.forEach((name, value) -> {
                DeviceTensor tensor =
                        engine.allocate(DataType.FLOAT, value.shape().toArray());
                tensor.write(bytes -> {
                    while (bytes.hasRemaining()) {
                        bytes.putFloat(number);
                    }
                });
                tensors.put(name, tensor);
            });
            return tensors;
        }

        void run() {
            program.run(inputs, outputs);
        }

        @Override
        public void close() {
            program.close();
            List.of(inputs, outputs).forEach(each -> each.values().forEach(DeviceTensor::close));
        }
    }
}
