package io.bertfinetune.ort.training;

import io.bertfinetune.optim.Expr;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.Parameter;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Update;
import io.bertfinetune.ort.graph.Attribute;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Op;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.AliasRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * An {@link Optimizer}'s formula for one parameter as a graph.
 *
 * <p>A formula that works element by element does not care for the parameter's shape: it is built for a row of any length,
 * and parameters whose formulas are the same are updated together, in pieces that fit the processor's cache. One that takes
 * means, or keeps a state of a shape of its own, is built for the parameter's shape.
 *
 * @param graph the formula
 * @param value the parameter's new value
 * @param states the new value of each state
 * @param stateShapes the shape of each state
 * @param elementwise whether it is built for a row of any length
 */
record UpdateRule(
        Graph graph, Value value, Map<String, Value> states, Map<String, Shape> stateShapes, boolean elementwise) {
    static final String VALUE = "value";
    static final String GRADIENT = "gradient";
    static final String STATE = "state.";
    static final String LEARNING_RATE = "learning_rate";
    static final String GRADIENT_SCALE = "gradient_scale";
    static final String BIAS_CORRECTION = "bias_correction.";
    static final String STEP_POWER = "step_power.";
    static final String NEW = "new.";

    /**
     * The rule of this optimizer for this parameter.
     *
     * @param weightDecay that of the parameter
     * @param learningRateScale what the learning rate of a step is multiplied by
     */
    static UpdateRule of(Optimizer optimizer, ParameterInfo parameter, double weightDecay, double learningRateScale) {
        try {
            return build(optimizer, new Subject(parameter, weightDecay, learningRateScale, Optional.empty()));
        } catch (NeedsShape e) {
            long[] shape =
                    parameter.shape().stream().mapToLong(Integer::longValue).toArray();
            return build(
                    optimizer, new Subject(parameter, weightDecay, learningRateScale, Optional.of(Shape.of(shape))));
        }
    }

    private static UpdateRule build(Optimizer optimizer, Subject subject) {
        Update update = optimizer.update(subject);
        Map<String, Value> states = new TreeMap<>();
        update.states().forEach((name, value) -> {
            Value old = subject.states.get(name);
            if (old == null) {
                throw new IllegalArgumentException("optimizer " + optimizer + ": the update names state '" + name
                        + "', which was never read; there are " + subject.states.keySet());
            }
            states.put(name, fitted(optimizer, subject, name, value(value), old));
        });
        Map<String, Shape> shapes = new TreeMap<>();
        subject.states.forEach((name, state) -> shapes.put(name, state.shape()));
        Value value = fitted(optimizer, subject, "value", value(update.value()), subject.value);
        return new UpdateRule(subject.graph, value, states, shapes, subject.shape.isEmpty());
    }

    private static Value fitted(Optimizer optimizer, Subject subject, String what, Value found, Value old) {
        if (!found.shape().equals(old.shape())) {
            throw new IllegalArgumentException("optimizer " + optimizer + ": the new " + what + " of "
                    + subject.info().name() + " has shape " + found.shape() + ", expected " + old.shape());
        }
        return found;
    }

    private Program program(String name, Map<String, String> overwrites) {
        return new Program(name, outputs(), overwrites);
    }

    /**
     * What changes: the parameter and its states, under {@code new.} and the name of the input they replace. Nothing, if
     * the formula leaves all as it is.
     */
    Map<String, Value> outputs() {
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put(NEW + VALUE, value);
        states.forEach((state, newValue) -> outputs.put(NEW + STATE + state, newValue));
        outputs.entrySet().removeIf(output -> output.getValue().equals(replaced(output.getKey())));
        return outputs;
    }

    /**
     * The program that computes the new values, written in place where that is safe. One that is the old value of
     * another, or another's new one, is copied by a node of its own, which may run at any time: neither it nor what it
     * copies is overwritten.
     */
    Program inPlace(String name) {
        Map<String, Value> outputs = outputs();
        AliasRule rule = AliasRule.of(program(name, Map.of()));
        Map<String, String> overwrites = new LinkedHashMap<>();
        Set<Value> written = new HashSet<>(outputs.values());
        outputs.forEach((output, newValue) -> {
            String input = output.substring(NEW.length());
            boolean isFirst = written.remove(newValue);
            if (isFirst
                    && !outputs.containsValue(replaced(output))
                    && rule.violation(output, input).isEmpty()) {
                overwrites.put(output, input);
            }
        });
        return program(name, overwrites);
    }

    /** The input that an output replaces. */
    private Value replaced(String output) {
        return Objects.requireNonNull(graph.inputs().get(output.substring(NEW.length())), output);
    }

    /** What the formula says, node by node: equal for rules that compute the same on the same shapes. */
    String signature() {
        Map<Value, String> names = new HashMap<>();
        StringBuilder text = new StringBuilder();
        graph.inputs().forEach((name, input) -> {
            names.put(input, name);
            text.append(name).append(input.shape()).append('\n');
        });
        for (Node node : graph.nodesFor(outputs().values())) {
            names.put(node.output(), "%" + names.size());
            text.append(names.get(node.output())).append('=').append(node.op());
            text.append(node.attribute(Attribute.class));
            node.inputs()
                    .forEach(input -> text.append(' ')
                            .append(names.computeIfAbsent(input, constant -> Arrays.toString(constant.literal()))));
            text.append('\n');
        }
        outputs()
                .forEach((name, output) ->
                        text.append(name).append(':').append(names.get(output)).append('\n'));
        return text.toString();
    }

    /** The number of an input that depends on the step alone. */
    static double ofStep(String name, double step) {
        if (name.startsWith(STEP_POWER)) {
            return Math.pow(step, Double.parseDouble(name.substring(STEP_POWER.length())));
        }
        return 1 - Math.pow(Double.parseDouble(name.substring(BIAS_CORRECTION.length())), step);
    }

    private static Value value(Expr expr) {
        if (expr instanceof GraphExpr here) {
            return here.value();
        }
        throw new IllegalArgumentException("optimizer: " + expr + " was not made from the parameter's expressions");
    }

    /** The formula asked for something that only the parameter's shape can answer. */
    private static final class NeedsShape extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The parameter an optimizer sees. */
    private static final class Subject implements Parameter {
        private final ParameterInfo info;
        private final double weightDecay;
        private final double learningRateScale;
        private final Optional<Shape> shape;
        private final Graph graph = new Graph();
        private final Value value;
        private final Value gradient;
        private final Map<String, Value> states = new TreeMap<>();
        private final Map<String, Value> scalars = new TreeMap<>();

        Subject(ParameterInfo info, double weightDecay, double learningRateScale, Optional<Shape> shape) {
            this.info = info;
            this.weightDecay = weightDecay;
            this.learningRateScale = learningRateScale;
            this.shape = shape;
            Shape own = shape.orElse(Shape.of(Dim.named("count")));
            this.value = graph.input(VALUE, DataType.FLOAT, own);
            this.gradient = graph.input(GRADIENT, DataType.FLOAT, own);
        }

        @Override
        public ParameterInfo info() {
            return info;
        }

        @Override
        public Expr value() {
            return expr(value);
        }

        @Override
        public Expr gradient() {
            return expr(gradient.times(scalar(GRADIENT_SCALE)));
        }

        @Override
        public Expr learningRate() {
            return expr(scalar(LEARNING_RATE).times(learningRateScale));
        }

        @Override
        public double weightDecay() {
            return weightDecay;
        }

        @Override
        public Expr biasCorrection(double beta) {
            return expr(scalar(BIAS_CORRECTION + beta));
        }

        @Override
        public Expr stepPower(double exponent) {
            return expr(scalar(STEP_POWER + exponent));
        }

        @Override
        public Expr state(String name) {
            return expr(states.computeIfAbsent(name, n -> graph.input(STATE + n, DataType.FLOAT, value.shape())));
        }

        @Override
        public Expr state(String name, int... stateShape) {
            if (shape.isEmpty()) {
                throw new NeedsShape();
            }
            Shape own = Shape.of(Arrays.stream(stateShape).asLongStream().toArray());
            return expr(states.computeIfAbsent(name, n -> graph.input(STATE + n, DataType.FLOAT, own)));
        }

        private Value scalar(String name) {
            return scalars.computeIfAbsent(name, n -> graph.input(n, DataType.FLOAT, Shape.SCALAR));
        }

        private Expr expr(Value v) {
            return new GraphExpr(v, shape.isPresent());
        }
    }

    /**
     * Elements and the numbers that all of them are multiplied by, which are multiplied with each other first, once for all
     * elements.
     */
    private record Scaled(Value elements, List<Value> numbers) {
        static Scaled of(Value value) {
            Optional<Node> product = value.producer()
                    .filter(node -> node.op() == Op.MUL && isNumber(node.in(1)) && !isNumber(node.in(0)));
            return product.isPresent()
                    ? new Scaled(product.get().in(0), List.of(product.get().in(1)))
                    : new Scaled(value, List.of());
        }

        Value times(Scaled other) {
            if (isNumber(elements)) {
                return isNumber(other.elements) ? elements.times(other.elements) : other.times(this);
            }
            List<Value> all = new ArrayList<>(numbers);
            all.addAll(other.numbers);
            if (isNumber(other.elements)) {
                all.add(other.elements);
                return elements.times(product(all));
            }
            Value products = elements.times(other.elements);
            return all.isEmpty() ? products : products.times(product(all));
        }

        private static Value product(List<Value> numbers) {
            return numbers.stream().reduce(Value::times).orElseThrow();
        }

        private static boolean isNumber(Value value) {
            return value.shape().rank() == 0;
        }
    }

    private record GraphExpr(Value value, boolean shaped) implements Expr {
        @Override
        public Expr plus(Expr other) {
            return of(value.plus(UpdateRule.value(other)));
        }

        @Override
        public Expr minus(Expr other) {
            return of(value.minus(UpdateRule.value(other)));
        }

        @Override
        public Expr times(Expr other) {
            return of(Scaled.of(value).times(Scaled.of(UpdateRule.value(other))));
        }

        @Override
        public Expr dividedBy(Expr other) {
            return of(value.dividedBy(UpdateRule.value(other)));
        }

        @Override
        public Expr max(Expr other) {
            return of(value.max(UpdateRule.value(other)));
        }

        @Override
        public Expr max(double number) {
            return of(value.max(value.graph().constant(number)));
        }

        @Override
        public Expr plus(double number) {
            return of(value.plus(number));
        }

        @Override
        public Expr times(double number) {
            return times(of(value.graph().constant(number)));
        }

        @Override
        public Expr sqrt() {
            return of(value.sqrt());
        }

        @Override
        public Expr sign() {
            return of(value.sign());
        }

        @Override
        public Expr abs() {
            return of(value.abs());
        }

        @Override
        public Expr mean(int axis) {
            requireShape();
            return of(value.sum(axis).times(1.0 / value.shape().dim(axis).size()));
        }

        @Override
        public Expr mean() {
            requireShape();
            return of(value.sum().times(1.0 / value.shape().size().size()));
        }

        private void requireShape() {
            if (!shaped) {
                throw new NeedsShape();
            }
        }

        private Expr of(Value result) {
            return new GraphExpr(result, shaped);
        }
    }
}
