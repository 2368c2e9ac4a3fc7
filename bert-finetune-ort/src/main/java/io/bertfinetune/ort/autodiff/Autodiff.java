package io.bertfinetune.ort.autodiff;

import io.bertfinetune.ort.graph.Node;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reverse-mode differentiation: adds to a graph the nodes that compute the gradient of a single number. Sums over
 * repeated axes and over several readers are made here, once, not in the rules.
 */
public final class Autodiff {
    private final Rules rules;

    /** What each operator's gradient is; {@link GradientRules} but in tests that plant an error. */
    @FunctionalInterface
    interface Rules {
        List<Optional<Value>> gradients(Node node, Value dy);
    }

    Autodiff(Rules rules) {
        this.rules = rules;
    }

    /**
     * The gradient of {@code loss} for each target; a target the loss does not depend on has none.
     *
     * @param loss a scalar
     * @param targets values of the same graph, parameters for instance
     * @return the gradients by target, each in its target's shape
     */
    public static Map<Value, Value> gradients(Value loss, Collection<Value> targets) {
        return new Autodiff(GradientRules::gradients).of(loss, targets);
    }

    Map<Value, Value> of(Value loss, Collection<Value> targets) {
        if (!loss.shape().equals(Shape.SCALAR)) {
            throw new IllegalArgumentException(
                    "the gradient of " + loss + " is asked for, expected a single number; sum it first");
        }
        List<Node> forward = new ArrayList<>(loss.graph().nodesFor(List.of(loss)));
        Set<Value> onPath = between(forward, targets);
        Map<Value, Value> gradient = new HashMap<>();
        gradient.put(loss, loss.graph().constant(1));
        Collections.reverse(forward);
        for (Node node : forward) {
            Value dy = gradient.get(node.output());
            if (dy != null && onPath.contains(node.output())) {
                accumulate(node, rules.gradients(node, dy), onPath, gradient);
            }
        }
        gradient.keySet().retainAll(Set.copyOf(targets));
        return gradient;
    }

    private static void accumulate(Node node, List<Optional<Value>> dx, Set<Value> onPath, Map<Value, Value> gradient) {
        for (int i = 0; i < dx.size(); i++) {
            Value input = node.in(i);
            if (onPath.contains(input)) {
                dx.get(i).ifPresent(g -> gradient.merge(input, summedTo(input.shape(), g), Value::plus));
            }
        }
    }

    /** The values that depend on a target: through no other does a gradient have to flow. */
    private static Set<Value> between(List<Node> forward, Collection<Value> targets) {
        Set<Value> onPath = new HashSet<>(targets);
        for (Node node : forward) {
            if (node.inputs().stream().anyMatch(onPath::contains)) {
                onPath.add(node.output());
            }
        }
        return onPath;
    }

    /** A gradient has the shape of what it is the gradient of: axes that were repeated are summed. */
    private static Value summedTo(Shape shape, Value gradient) {
        if (gradient.shape().equals(shape)) {
            return gradient;
        }
        int[] repeated = shape.repeatedAxes(gradient.shape());
        Value summed = repeated.length == 0 ? gradient : gradient.sum(repeated);
        // A gradient of fewer axes than its value came through a constant: it is the same for every element.
        return summed.shape().rank() < shape.rank() || !summed.shape().size().equals(shape.size())
                ? summed.expand(shape)
                : summed.reshape(shape);
    }
}
