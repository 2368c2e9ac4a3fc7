package io.bertfinetune.ort.training;

import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether a formula leaves a number as it is while its gradient and its states are zero, as AdamW does without weight decay.
 * Read off the formula; what cannot be told counts as no.
 */
final class Resting {
    /** What is known of a value of the formula then. */
    private enum Kind {
        ZERO,
        POSITIVE,
        /** The parameter's old value. */
        OLD,
        ANY
    }

    private final Graph graph;
    private final Map<Value, Kind> kinds = new HashMap<>();

    private Resting(Graph graph) {
        this.graph = graph;
    }

    /** Whether it can be told that the formula does. */
    static boolean holds(UpdateRule rule) {
        return new Resting(rule.graph()).isKept(rule);
    }

    private boolean isKept(UpdateRule rule) {
        graph.inputs().forEach((name, input) -> kinds.put(input, ofInput(name)));
        for (Node node : graph.nodesFor(rule.outputs().values())) {
            node.outputs().forEach(output -> kinds.put(output, Kind.ANY));
            kinds.put(node.output(), ofNode(node));
        }
        return of(rule.value()) == Kind.OLD
                && rule.states().values().stream().allMatch(state -> of(state) == Kind.ZERO);
    }

    private static Kind ofInput(String name) {
        if (name.equals(UpdateRule.VALUE)) {
            return Kind.OLD;
        }
        if (name.equals(UpdateRule.GRADIENT) || name.startsWith(UpdateRule.STATE)) {
            return Kind.ZERO;
        }
        return name.startsWith(UpdateRule.BIAS_CORRECTION) || name.startsWith(UpdateRule.STEP_POWER)
                ? Kind.POSITIVE
                : Kind.ANY;
    }

    private Kind ofNode(Node node) {
        Kind a = of(node.in(0));
        return switch (node.op()) {
            case ADD -> sum(a, of(node.in(1)));
            case SUB -> of(node.in(1)) == Kind.ZERO ? a : Kind.ANY;
            case MUL -> product(a, of(node.in(1)));
            case DIV -> of(node.in(1)) == Kind.POSITIVE ? product(a, Kind.POSITIVE) : Kind.ANY;
            case MAX -> isKnown(a) && isKnown(of(node.in(1))) ? sum(a, of(node.in(1))) : Kind.ANY;
            case SQRT, ABS, SIGN -> isKnown(a) ? a : Kind.ANY;
            default -> Kind.ANY;
        };
    }

    private static boolean isKnown(Kind kind) {
        return kind == Kind.ZERO || kind == Kind.POSITIVE;
    }

    private static Kind sum(Kind a, Kind b) {
        if (a == Kind.ZERO || b == Kind.ZERO) {
            return a == Kind.ZERO ? b : a;
        }
        return a == Kind.POSITIVE && b == Kind.POSITIVE ? Kind.POSITIVE : Kind.ANY;
    }

    private static Kind product(Kind a, Kind b) {
        if (a == Kind.ZERO || b == Kind.ZERO) {
            return Kind.ZERO;
        }
        return a == Kind.POSITIVE && b == Kind.POSITIVE ? Kind.POSITIVE : Kind.ANY;
    }

    private Kind of(Value value) {
        return kinds.computeIfAbsent(value, constant -> ofConstant(constant.literal()));
    }

    private static Kind ofConstant(double[] numbers) {
        if (Arrays.stream(numbers).allMatch(number -> number == 0)) {
            return Kind.ZERO;
        }
        return Arrays.stream(numbers).allMatch(number -> number > 0) ? Kind.POSITIVE : Kind.ANY;
    }
}
