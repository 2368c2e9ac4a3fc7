package io.bertfinetune.ort.nn;

import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Dropout (Srivastava et al., 2014) by masks that are inputs of the graph, so that the same numbers can be drawn again. A
 * mask holds 0 with probability p and 1/(1−p) otherwise.
 */
public final class Dropout {
    private final boolean on;
    private final List<Site> sites = new ArrayList<>();

    private Dropout(boolean on) {
        this.on = on;
    }

    /**
     * No dropout: for evaluation and prediction.
     *
     * @return dropout that changes nothing
     */
    public static Dropout off() {
        return new Dropout(false);
    }

    /**
     * Dropout with a mask for every place the network has it.
     *
     * @return dropout that asks for masks
     */
    public static Dropout on() {
        return new Dropout(true);
    }

    /**
     * The value with some of its numbers zeroed and the others scaled up.
     *
     * @param x the value
     * @param p how probable it is that a number is zeroed, 0 to below 1
     * @return the value, in the same shape
     */
    public Value apply(Value x, double p) {
        return mask(x, p).map(x::times).orElse(x);
    }

    /**
     * A mask for the value; none if nothing is to be dropped.
     *
     * @param x the value
     * @param p how probable it is that a number is zeroed, 0 to below 1
     * @return the mask, in the shape of the value
     */
    public Optional<Value> mask(Value x, double p) {
        if (!on || p == 0) {
            return Optional.empty();
        }
        String name = "dropout." + sites.size();
        sites.add(new Site(name, x.shape(), p));
        return Optional.of(x.graph().input(name, DataType.FLOAT, x.shape()));
    }

    /**
     * Every mask the network asked for, in its order.
     *
     * @return one site for each mask
     */
    public List<Site> sites() {
        return List.copyOf(sites);
    }

    /**
     * One place with dropout.
     *
     * @param input the graph input that takes the mask
     * @param shape its shape
     * @param p the probability of a zero
     */
    public record Site(String input, Shape shape, double p) {}
}
