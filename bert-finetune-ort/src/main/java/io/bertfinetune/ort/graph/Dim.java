package io.bertfinetune.ort.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One dimension of a shape: a number, a name that gets its number when the graph runs ({@code batch}), or a product of
 * both ({@code batch·sequence}).
 *
 * @param factor the number, 1 for a bare name
 * @param names the names it is multiplied by, sorted; empty for a plain number
 */
public record Dim(long factor, List<String> names) {
    /** The dimension that is there to be repeated. */
    public static final Dim ONE = of(1);

    /**
     * Checks the number.
     *
     * @param factor the number, 1 for a bare name
     * @param names the names it is multiplied by
     */
    public Dim {
        if (factor < 0) {
            throw new IllegalArgumentException("dimension " + factor + " is negative");
        }
        names = names.stream().sorted().toList();
    }

    /**
     * A dimension known when the graph is built.
     *
     * @param size the size, from 0
     * @return the dimension
     */
    public static Dim of(long size) {
        return new Dim(size, List.of());
    }

    /**
     * A dimension known when the graph runs.
     *
     * @param name its name, {@code batch} for instance
     * @return the dimension
     */
    public static Dim named(String name) {
        return new Dim(1, List.of(name));
    }

    /**
     * The product of two dimensions.
     *
     * @param other the other factor
     * @return the product
     */
    public Dim times(Dim other) {
        return new Dim(
                Math.multiplyExact(factor, other.factor),
                Stream.concat(names.stream(), other.names.stream()).toList());
    }

    /**
     * Whether it is a plain number.
     *
     * @return true if it has no name
     */
    public boolean isKnown() {
        return names.isEmpty();
    }

    /**
     * The number of a known dimension.
     *
     * @return the size
     */
    public long size() {
        if (!isKnown()) {
            throw new IllegalStateException("dimension " + this + " is not known before the graph runs");
        }
        return factor;
    }

    /**
     * The number it is when its names have these values.
     *
     * @param values the number each name stands for
     * @return the size
     */
    public long size(Map<String, Long> values) {
        long size = factor;
        for (String name : names) {
            Long value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException(
                        "dimension '" + name + "' has no value; there are " + values.keySet());
            }
            size = Math.multiplyExact(size, value);
        }
        return size;
    }

    @Override
    public String toString() {
        if (isKnown()) {
            return Long.toString(factor);
        }
        String product = String.join("·", names);
        return factor == 1 ? product : factor + "·" + product;
    }

    static List<Dim> known(long... sizes) {
        return Arrays.stream(sizes).mapToObj(Dim::of).toList();
    }
}
