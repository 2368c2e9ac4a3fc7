package io.bertfinetune.ort.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The dimensions of a value, outermost first.
 *
 * @param dims the dimensions; none for a single number
 */
public record Shape(List<Dim> dims) {
    /** The shape of a single number. */
    public static final Shape SCALAR = new Shape(List.of());

    /**
     * Copies the dimensions.
     *
     * @param dims the dimensions; none for a single number
     */
    public Shape {
        dims = List.copyOf(dims);
    }

    /**
     * A shape of numbers known when the graph is built.
     *
     * @param sizes the sizes, outermost first
     * @return the shape
     */
    public static Shape of(long... sizes) {
        return new Shape(Dim.known(sizes));
    }

    /**
     * A shape of these dimensions.
     *
     * @param dims the dimensions, outermost first
     * @return the shape
     */
    public static Shape of(Dim... dims) {
        return new Shape(List.of(dims));
    }

    /**
     * How many dimensions there are.
     *
     * @return the number of dimensions, 0 for a scalar
     */
    public int rank() {
        return dims.size();
    }

    /**
     * One dimension; negative axes count from the last.
     *
     * @param axis the axis, from 0, or from −1 backwards
     * @return its dimension
     */
    public Dim dim(int axis) {
        return dims.get(axis(axis));
    }

    /**
     * The axis counted from the first, for one that may be counted from the last.
     *
     * @param axis the axis, from 0, or from −1 backwards
     * @return the axis, from 0
     */
    public int axis(int axis) {
        int fromFirst = axis < 0 ? axis + rank() : axis;
        if (fromFirst < 0 || fromFirst >= rank()) {
            throw new IllegalArgumentException("axis " + axis + " is outside of shape " + this);
        }
        return fromFirst;
    }

    /**
     * How many numbers it holds.
     *
     * @return the product of all dimensions
     */
    public Dim size() {
        return dims.stream().reduce(Dim.ONE, Dim::times);
    }

    /**
     * Whether every dimension is known.
     *
     * @return true if no dimension has a name
     */
    public boolean isKnown() {
        return dims.stream().allMatch(Dim::isKnown);
    }

    /**
     * The same shape with another dimension on one axis.
     *
     * @param axis the axis, from 0
     * @param dim its new dimension
     * @return a new shape
     */
    public Shape with(int axis, Dim dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(axis(axis), dim);
        return new Shape(changed);
    }

    /**
     * The numbers of a known shape.
     *
     * @return the sizes, outermost first
     */
    public long[] toArray() {
        return dims.stream().mapToLong(Dim::size).toArray();
    }

    /**
     * The numbers of the shape when names have these values.
     *
     * @param values the number each name stands for
     * @return the sizes, outermost first
     */
    public long[] toArray(Map<String, Long> values) {
        return dims.stream().mapToLong(dim -> dim.size(values)).toArray();
    }

    /** The shape that two values have together when the smaller is repeated, as in NumPy. */
    Shape broadcast(Shape other, Op op) {
        int rank = Math.max(rank(), other.rank());
        Dim[] wide = new Dim[rank];
        for (int axis = 0; axis < rank; axis++) {
            Dim a = fromRight(axis, rank);
            Dim b = other.fromRight(axis, rank);
            if (!a.equals(b) && !a.equals(Dim.ONE) && !b.equals(Dim.ONE)) {
                throw new IllegalArgumentException(
                        op.onnxName() + ": shapes " + this + " and " + other + " do not broadcast, " + a + " != " + b);
            }
            wide[axis] = a.equals(Dim.ONE) ? b : a;
        }
        return of(wide);
    }

    /**
     * The axes of {@code wide} along which a value of this shape is repeated to reach it.
     *
     * @param wide a shape this one broadcasts to
     * @return the axes of {@code wide}, rising
     */
    public int[] repeatedAxes(Shape wide) {
        int lead = wide.rank() - rank();
        return IntStream.range(0, wide.rank())
                .filter(axis -> axis < lead
                        || (dims.get(axis - lead).equals(Dim.ONE)
                                && !wide.dims.get(axis).equals(Dim.ONE)))
                .toArray();
    }

    Shape permuted(List<Integer> order) {
        if (!order.stream()
                .sorted()
                .toList()
                .equals(IntStream.range(0, rank()).boxed().toList())) {
            throw new IllegalArgumentException(
                    "Transpose: " + order + " is not an order of the " + rank() + " axes of " + this);
        }
        return new Shape(order.stream().map(dims::get).toList());
    }

    private Dim fromRight(int axis, int rank) {
        int own = axis - (rank - rank());
        return own < 0 ? Dim.ONE : dims.get(own);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims.toArray());
    }
}
