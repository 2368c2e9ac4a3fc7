package io.bertfinetune.ort.autodiff;

import io.bertfinetune.ort.engine.ReferenceInterpreter;
import io.bertfinetune.ort.graph.Value;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** How a loss changes when an input moves a little, computed in doubles. */
final class FiniteDifferences {
    private static final double STEP = 1e-5;
    private static final int DIRECTIONS = 5;

    private final Value loss;
    private final Map<String, double[]> inputs;
    private final Map<String, Long> dimensions;

    FiniteDifferences(Value loss, Map<String, double[]> inputs, Map<String, Long> dimensions) {
        this.loss = loss;
        this.inputs = inputs;
        this.dimensions = dimensions;
    }

    /**
     * How far the gradient of an input is from what the loss does along random directions, as a part of the latter: 0 if
     * it is right, 0.01 if it is one percent too great.
     */
    double disagreement(Value input, Value gradient) {
        double[] found = ReferenceInterpreter.evaluate(gradient, inputs, dimensions);
        Random random = new Random(7);
        double wrong = 0;
        double right = 0;
        for (int i = 0; i < DIRECTIONS; i++) {
            double[] direction = random.doubles(found.length, -1, 1).toArray();
            double slope = (lossAt(input, direction, STEP) - lossAt(input, direction, -STEP)) / (2 * STEP);
            double predicted = IntStream.range(0, found.length)
                    .mapToDouble(k -> found[k] * direction[k])
                    .sum();
            wrong += (predicted - slope) * (predicted - slope);
            right += slope * slope;
        }
        return Math.sqrt(wrong / right);
    }

    private double lossAt(Value input, double[] direction, double step) {
        double[] moved = inputs.get(input.name()).clone();
        Arrays.setAll(moved, k -> moved[k] + step * direction[k]);
        Map<String, double[]> there = new LinkedHashMap<>(inputs);
        there.put(input.name(), moved);
        return ReferenceInterpreter.evaluate(loss, there, dimensions)[0];
    }
}
