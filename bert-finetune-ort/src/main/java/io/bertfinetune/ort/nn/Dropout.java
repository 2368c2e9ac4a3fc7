package io.bertfinetune.ort.nn;

import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Graph;
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
    private static final int BITS = 8;
    private static final int ONE_IN = 1 << 16;

    private final Kind kind;
    private final List<Site> sites = new ArrayList<>();

    private enum Kind {
        OFF,
        NUMBERS,
        BITS
    }

    private Dropout(Kind kind) {
        this.kind = kind;
    }

    /**
     * No dropout: for evaluation and prediction.
     *
     * @return dropout that changes nothing
     */
    public static Dropout off() {
        return new Dropout(Kind.OFF);
    }

    /**
     * Dropout with a mask for every place the network has it.
     *
     * @return dropout that asks for masks
     */
    public static Dropout on() {
        return new Dropout(Kind.NUMBERS);
    }

    /**
     * Dropout whose masks are given as bits, eight to a byte, the lowest first, 1 for a number that is kept: a 32nd of what
     * has to be brought to another device. The graph unpacks them.
     *
     * @return dropout that asks for packed masks
     */
    public static Dropout packed() {
        return new Dropout(Kind.BITS);
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
        if (kind == Kind.OFF || p == 0) {
            return Optional.empty();
        }
        String name = "dropout." + sites.size();
        sites.add(new Site(name, x.shape(), p));
        return Optional.of(
                kind == Kind.NUMBERS
                        ? x.graph().input(name, DataType.FLOAT, x.shape())
                        : unpacked(x.graph(), name, x.shape(), p));
    }

    /** Eight numbers for each byte, looked up in a table of all bytes. */
    private static Value unpacked(Graph graph, String name, Shape shape, double p) {
        Dim bytes = Dim.named(name + ".bytes");
        Value ids = graph.input(name, DataType.UINT8, Shape.of(bytes)).cast(DataType.INT64);
        double kept = keptScale(p);
        double[] table = new double[(1 << BITS) * BITS];
        for (int i = 0; i < table.length; i++) {
            table[i] = (((i / BITS) >> (i % BITS)) & 1) == 1 ? kept : 0;
        }
        return graph.constant(Shape.of(1 << BITS, BITS), table)
                .gather(ids)
                .reshape(Shape.of(bytes.times(Dim.of(BITS))))
                .rows(0, shape.size())
                .reshape(shape);
    }

    /**
     * The probability of a zero in 65,536ths, to which it is rounded.
     *
     * @param p how probable it is that a number is zeroed, 0 to below 1
     * @return 0 to 65,536
     */
    public static long threshold(double p) {
        return Math.round(p * ONE_IN);
    }

    /**
     * What a number that is kept is multiplied by: one over the probability that it is, rounded as {@link #threshold}.
     *
     * @param p how probable it is that a number is zeroed, 0 to below 1
     * @return the factor, 1 or more
     */
    public static double keptScale(double p) {
        return 1 / (1 - (double) threshold(p) / ONE_IN);
    }

    /**
     * Whether masks are given as bits.
     *
     * @return true for {@link #packed}
     */
    public boolean isPacked() {
        return kind == Kind.BITS;
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
