package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.ort.capi.OneDnn.OneDnnException;
import io.bertfinetune.ort.capi.OneDnnPrimitives.Operand;
import io.bertfinetune.ort.capi.OneDnnPrimitives.Primitive;
import io.bertfinetune.ort.capi.OneDnnPrimitives.Ready;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Stream;

/** LayerNorm of so many rows, and its gradients. */
final class OneDnnNorms implements AutoCloseable {
    private static final int BACKWARD = 128;
    private static final int USE_SCALE_AND_SHIFT = 2 | 4;

    /** Rows, and where what is known of them lies: the rows, their means and variances, and a weight. */
    record Norm(long count, long width, long rows, long means, long variances, long weight) {}

    private record Key(boolean gradient, long count, long width, float epsilon) {
        Operand rows(OneDnnArgument argument) {
            return Operand.floats(argument, count, width);
        }

        Operand row(OneDnnArgument argument) {
            return Operand.floats(argument, width);
        }

        Operand column(OneDnnArgument argument) {
            return Operand.floats(argument, count);
        }
    }

    private final OneDnnPrimitives primitives;
    private final OneDnn api;
    private final Bounded<Key, Ready> norms;

    OneDnnNorms(OneDnnPrimitives primitives) {
        this.primitives = primitives;
        this.api = primitives.api();
        this.norms = new Bounded<>(OneDnnPrimitives.MOST, primitives::free);
    }

    /** Writes LayerNorm of rows, their means and their variances. */
    void forward(Norm of, long bias, long y, float epsilon) throws OneDnnException {
        run(norms.get(new Key(false, of.count(), of.width(), epsilon), this::forward), of, bias, y);
    }

    /** Writes the gradients of LayerNorm's rows, and what these rows have of those of the weight and the bias. */
    void backward(Norm of, long dy, long dx, long dWeight, long dBias) throws OneDnnException {
        run(norms.get(new Key(true, of.count(), of.width(), 0), this::backward), of, dy, dx, dWeight, dBias);
    }

    private void run(Ready ready, Norm of, long... others) throws OneDnnException {
        long[] known = {of.rows(), of.means(), of.variances(), of.weight()};
        long[] all = Arrays.copyOf(known, known.length + others.length);
        System.arraycopy(others, 0, all, known.length, others.length);
        primitives.run(ready, all);
    }

    private Ready forward(Key key) throws OneDnnException {
        Primitive primitive = primitives.withAttributes(attributes ->
                with(key, (rows, column) -> primitives.primitive(description(key, rows, column, attributes))));
        return ready(primitive, key, key.row(OneDnnArgument.SHIFT), key.rows(OneDnnArgument.RESULT));
    }

    private Ready backward(Key key) throws OneDnnException {
        Primitive primitive = primitives.withAttributes(attributes -> with(
                key,
                (rows, column) -> primitives.with(
                        OneDnnFunction.DNNL_PRIMITIVE_DESC_DESTROY,
                        description(key, rows, column, attributes),
                        forward -> primitives.primitive(api.create(
                                OneDnnFunction.DNNL_LAYER_NORMALIZATION_BACKWARD_PRIMITIVE_DESC_CREATE,
                                primitives.engine(),
                                BACKWARD,
                                rows,
                                rows,
                                rows,
                                column,
                                key.epsilon(),
                                USE_SCALE_AND_SHIFT,
                                forward,
                                attributes)))));
        return ready(
                primitive,
                key,
                key.rows(OneDnnArgument.GRADIENT_OF_RESULT),
                key.rows(OneDnnArgument.GRADIENT_OF_SOURCE),
                key.row(OneDnnArgument.GRADIENT_OF_SCALE),
                key.row(OneDnnArgument.GRADIENT_OF_SHIFT));
    }

    /** What both read comes first. */
    private Ready ready(Primitive primitive, Key key, Operand... others) throws OneDnnException {
        Stream<Operand> known = Stream.of(
                key.rows(OneDnnArgument.SOURCE),
                key.column(OneDnnArgument.MEAN),
                key.column(OneDnnArgument.VARIANCE),
                key.row(OneDnnArgument.SCALE));
        return primitives.ready(
                primitive, Stream.concat(known, Stream.of(others)).toArray(Operand[]::new));
    }

    private Pointer description(Key key, Pointer rows, Pointer column, Pointer attributes) throws OneDnnException {
        return api.create(
                OneDnnFunction.DNNL_LAYER_NORMALIZATION_FORWARD_PRIMITIVE_DESC_CREATE,
                primitives.engine(),
                OneDnnPrimitives.FORWARD_TRAINING,
                rows,
                rows,
                column,
                key.epsilon(),
                USE_SCALE_AND_SHIFT,
                attributes);
    }

    @FunctionalInterface
    private interface Use<V> {
        V use(Pointer rows, Pointer column) throws OneDnnException;
    }

    private <V> V with(Key key, Use<V> use) throws OneDnnException {
        return primitives.withDescription(
                Strided.dense(OneDnn.FLOAT, key.count(), key.width()),
                rows -> primitives.withDescription(
                        Strided.dense(OneDnn.FLOAT, key.count()), column -> use.use(rows, column)));
    }

    /** The primitives that are kept. */
    Collection<Ready> kept() {
        return norms.values();
    }

    @Override
    public void close() {
        norms.close();
    }
}
