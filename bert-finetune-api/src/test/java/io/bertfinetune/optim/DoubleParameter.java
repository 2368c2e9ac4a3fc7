package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;

/** A parameter in plain doubles, updated by an optimizer step after step. */
final class DoubleParameter {
    private final ParameterInfo info;
    private final double weightDecay;
    private final Map<String, DoubleExpr> states = new LinkedHashMap<>();
    private DoubleExpr value;

    DoubleParameter(ParameterInfo info, double weightDecay, double... numbers) {
        this.info = info;
        this.weightDecay = weightDecay;
        this.value = DoubleExpr.of(shape(), numbers);
    }

    double[] numbers() {
        return value.numbers();
    }

    /** The shapes of the states, by name. */
    Map<String, int[]> stateShapes() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        states.forEach((name, state) -> shapes.put(name, state.shape()));
        return shapes;
    }

    /** One step of the optimizer on this gradient; steps count from 1. */
    void step(Optimizer optimizer, double learningRate, int step, double... gradient) {
        Update update = optimizer.update(new Seen(DoubleExpr.of(shape(), gradient), learningRate, step));
        value = keeping(value, update.value());
        update.states().forEach((name, state) -> states.put(name, keeping(states.get(name), state)));
    }

    private static DoubleExpr keeping(DoubleExpr old, Expr changed) {
        DoubleExpr result = (DoubleExpr) changed;
        assertThat(result.shape()).isEqualTo(old.shape());
        return result;
    }

    private int[] shape() {
        return info.shape().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The parameter as it is before one step. */
    private final class Seen implements Parameter {
        private final DoubleExpr gradient;
        private final double learningRate;
        private final int step;

        Seen(DoubleExpr gradient, double learningRate, int step) {
            this.gradient = gradient;
            this.learningRate = learningRate;
            this.step = step;
        }

        @Override
        public ParameterInfo info() {
            return info;
        }

        @Override
        public Expr value() {
            return value;
        }

        @Override
        public Expr gradient() {
            return gradient;
        }

        @Override
        public Expr learningRate() {
            return DoubleExpr.scalar(learningRate);
        }

        @Override
        public double weightDecay() {
            return weightDecay;
        }

        @Override
        public Expr biasCorrection(double beta) {
            return DoubleExpr.scalar(1 - Math.pow(beta, step));
        }

        @Override
        public Expr stepPower(double exponent) {
            return DoubleExpr.scalar(Math.pow(step, exponent));
        }

        @Override
        public Expr state(String name) {
            return state(name, shape());
        }

        @Override
        public Expr state(String name, int... ownShape) {
            return states.computeIfAbsent(name, n -> DoubleExpr.zeros(ownShape));
        }
    }
}
