package io.bertfinetune.ort.capi;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.bertfinetune.ort.capi.OneDnn.OneDnnException;
import io.bertfinetune.ort.capi.OneDnnPrimitives.Operand;
import io.bertfinetune.ort.capi.OneDnnPrimitives.Primitive;
import io.bertfinetune.ort.capi.OneDnnPrimitives.Ready;
import java.util.Collection;

/** What is done number by number to so many numbers: rounding, GELU and its gradient, and joining two rows. */
final class OneDnnPieces implements AutoCloseable {
    private static final int FORWARD_INFERENCE = 96;
    private static final int ELTWISE_ROOT = 0x25;
    private static final int ELTWISE_GELU_ERF = 0x31;
    private static final int BINARY_ADD = 0x1fff0;
    private static final int BINARY_MUL = 0x1fff1;
    private static final int BINARY_MAX = 0x1fff2;
    private static final int BINARY_DIV = 0x1fff4;
    private static final int BINARY_SUB = 0x1fff5;

    private static final Strided ONE_NUMBER = Strided.dense(OneDnn.FLOAT, 1);

    private enum Piece {
        ROUND,
        TIMES,
        GELU,
        GELU_GRADIENT
    }

    /** How two rows of numbers become one, number by number. */
    enum Join {
        SUM(BINARY_ADD),
        DIFFERENCE(BINARY_SUB),
        PRODUCT(BINARY_MUL),
        QUOTIENT(BINARY_DIV),
        /** The root of the first, which is the second too, and a single number. */
        ROOT_AND_NUMBER(BINARY_MAX);

        private final int code;

        Join(int code) {
            this.code = code;
        }
    }

    /** A row of numbers, each times a factor. */
    record Factored(long address, float factor) {}

    private record Key(Enum<?> kind, long count) {}

    private final OneDnnPrimitives primitives;
    private final OneDnn api;
    private final Bounded<Key, Ready> pieces;
    private Memory exact = new Memory(Float.BYTES);
    private final Memory singles = new Memory(3L * Float.BYTES);

    OneDnnPieces(OneDnnPrimitives primitives) {
        this.primitives = primitives;
        this.api = primitives.api();
        this.pieces = new Bounded<>(OneDnnPrimitives.MOST, primitives::free);
    }

    /** Rounds numbers. */
    void round(long x, long y, long count) throws OneDnnException {
        primitives.run(pieces.get(new Key(Piece.ROUND, count), key -> rounding(count)), x, y);
    }

    /** Writes products of numbers, rounded. */
    void times(long a, long b, long y, long count) throws OneDnnException {
        long exact = exact(count);
        primitives.run(pieces.get(new Key(Piece.TIMES, count), key -> times(count)), a, b, exact);
        round(exact, y, count);
    }

    /** Writes GELU of numbers, rounded if that is asked for. */
    void gelu(long x, long y, boolean rounded, long count) throws OneDnnException {
        long exact = rounded ? exact(count) : y;
        primitives.run(pieces.get(new Key(Piece.GELU, count), key -> gelu(count)), x, exact);
        if (rounded) {
            round(exact, y, count);
        }
    }

    /** Writes the gradient of GELU, rounded if that is asked for. */
    void geluGradient(long dy, long x, long dx, boolean rounded, long count) throws OneDnnException {
        long exact = rounded ? exact(count) : dx;
        primitives.run(pieces.get(new Key(Piece.GELU_GRADIENT, count), key -> geluGradient(count)), x, dy, exact);
        if (rounded) {
            round(exact, dx, count);
        }
    }

    /** Joins two rows of numbers; the result may be written over the first. */
    void join(Join how, Factored a, Factored b, long y, long count) throws OneDnnException {
        Ready ready = pieces.get(new Key(how, count), key -> joining(how, count));
        primitives.run(ready, a.address(), b.address(), y, single(0, a.factor()), single(1, b.factor()));
    }

    /** Writes the roots of numbers, to each of which a number is added. */
    void rootAnd(long x, float addend, long y, long count) throws OneDnnException {
        Ready ready = pieces.get(new Key(Join.ROOT_AND_NUMBER, count), key -> joining(Join.ROOT_AND_NUMBER, count));
        primitives.run(ready, x, x, y, single(2, addend));
    }

    /** Where a single number lies. */
    private long single(int slot, float number) {
        singles.setFloat((long) slot * Float.BYTES, number);
        return Pointer.nativeValue(singles) + (long) slot * Float.BYTES;
    }

    /** Room for numbers before they are rounded. */
    private long exact(long count) {
        if (exact.size() < count * Float.BYTES) {
            exact.close();
            exact = new Memory(count * Float.BYTES);
        }
        return Pointer.nativeValue(exact);
    }

    private Ready rounding(long count) throws OneDnnException {
        Strided exact = Strided.dense(OneDnn.FLOAT, count);
        Strided rounded = Strided.dense(OneDnn.BFLOAT16, count);
        Primitive primitive = primitives.withAttributes(attributes -> primitives.withDescription(
                exact,
                from -> primitives.withDescription(
                        rounded,
                        to -> primitives.primitive(api.create(
                                OneDnnFunction.DNNL_REORDER_PRIMITIVE_DESC_CREATE,
                                from,
                                primitives.engine(),
                                to,
                                primitives.engine(),
                                attributes)))));
        return primitives.ready(
                primitive, new Operand(OneDnnArgument.SOURCE, exact), new Operand(OneDnnArgument.RESULT, rounded));
    }

    private Ready times(long count) throws OneDnnException {
        return primitives.ready(
                primitives.withAttributes(attributes -> joined(BINARY_MUL, count, attributes)),
                Operand.floats(OneDnnArgument.SOURCE, count),
                Operand.floats(OneDnnArgument.SECOND_SOURCE, count),
                Operand.floats(OneDnnArgument.RESULT, count));
    }

    private Ready joining(Join how, long count) throws OneDnnException {
        Operand a = Operand.floats(OneDnnArgument.SOURCE, count);
        Operand b = Operand.floats(OneDnnArgument.SECOND_SOURCE, count);
        Operand result = Operand.floats(OneDnnArgument.RESULT, count);
        if (how == Join.ROOT_AND_NUMBER) {
            return primitives.ready(joined(how, count), a, b, result, new Operand(OneDnnArgument.ADDEND, ONE_NUMBER));
        }
        return primitives.ready(
                joined(how, count),
                a,
                b,
                result,
                new Operand(OneDnnArgument.FACTOR_OF_SOURCE, ONE_NUMBER),
                new Operand(OneDnnArgument.FACTOR_OF_SECOND_SOURCE, ONE_NUMBER));
    }

    private Primitive joined(Join how, long count) throws OneDnnException {
        return primitives.withDescription(
                ONE_NUMBER,
                number -> primitives.withAttributes(
                        (attributes, steps) -> {
                            if (how == Join.ROOT_AND_NUMBER) {
                                // Alone, or with the addition, a root is left to oneDNN's reference loops.
                                api.call(OneDnnFunction.DNNL_POST_OPS_APPEND_ELTWISE, steps, ELTWISE_ROOT, 0f, 0f);
                                api.call(OneDnnFunction.DNNL_POST_OPS_APPEND_BINARY, steps, BINARY_ADD, number);
                            } else {
                                allAlike(attributes, OneDnnArgument.SOURCE);
                                allAlike(attributes, OneDnnArgument.SECOND_SOURCE);
                            }
                        },
                        attributes -> joined(how.code, count, attributes)));
    }

    /** An operand's factor is one for all of its numbers. */
    private void allAlike(Pointer attributes, OneDnnArgument argument) throws OneDnnException {
        api.call(OneDnnFunction.DNNL_PRIMITIVE_ATTR_SET_SCALES_MASK, attributes, argument.code(), 0);
    }

    private Primitive joined(int how, long count, Pointer attributes) throws OneDnnException {
        return primitives.withDescription(
                Strided.dense(OneDnn.FLOAT, count),
                numbers -> primitives.primitive(api.create(
                        OneDnnFunction.DNNL_BINARY_PRIMITIVE_DESC_CREATE,
                        primitives.engine(),
                        how,
                        numbers,
                        numbers,
                        numbers,
                        attributes)));
    }

    private Ready gelu(long count) throws OneDnnException {
        Primitive primitive = primitives.withAttributes(attributes -> primitives.withDescription(
                Strided.dense(OneDnn.FLOAT, count),
                numbers -> primitives.primitive(geluDescription(FORWARD_INFERENCE, numbers, attributes))));
        return primitives.ready(
                primitive, Operand.floats(OneDnnArgument.SOURCE, count), Operand.floats(OneDnnArgument.RESULT, count));
    }

    private Ready geluGradient(long count) throws OneDnnException {
        Primitive primitive = primitives.withAttributes(attributes -> primitives.withDescription(
                Strided.dense(OneDnn.FLOAT, count),
                numbers -> primitives.with(
                        OneDnnFunction.DNNL_PRIMITIVE_DESC_DESTROY,
                        geluDescription(OneDnnPrimitives.FORWARD_TRAINING, numbers, attributes),
                        forward -> primitives.primitive(api.create(
                                OneDnnFunction.DNNL_ELTWISE_BACKWARD_PRIMITIVE_DESC_CREATE,
                                primitives.engine(),
                                ELTWISE_GELU_ERF,
                                numbers,
                                numbers,
                                numbers,
                                0f,
                                0f,
                                forward,
                                attributes)))));
        return primitives.ready(
                primitive,
                Operand.floats(OneDnnArgument.SOURCE, count),
                Operand.floats(OneDnnArgument.GRADIENT_OF_RESULT, count),
                Operand.floats(OneDnnArgument.GRADIENT_OF_SOURCE, count));
    }

    private Pointer geluDescription(int kind, Pointer numbers, Pointer attributes) throws OneDnnException {
        return api.create(
                OneDnnFunction.DNNL_ELTWISE_FORWARD_PRIMITIVE_DESC_CREATE,
                primitives.engine(),
                kind,
                ELTWISE_GELU_ERF,
                numbers,
                numbers,
                0f,
                0f,
                attributes);
    }

    /** The primitives that are kept. */
    Collection<Ready> kept() {
        return pieces.values();
    }

    @Override
    public void close() {
        pieces.close();
        exact.close();
        singles.close();
    }
}
