package io.bertfinetune.ort.capi;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.bertfinetune.ort.capi.OneDnn.OneDnnException;
import io.bertfinetune.ort.capi.OneDnnPrimitives.Primitive;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Products of matrices of any size: primitives are told the sizes when they run, so there are about as many as kinds of product;
 * what describes memory is kept for the sizes used last.
 */
final class OneDnnProducts implements AutoCloseable {
    /** How many descriptions of memory are kept at most. */
    static final int MEMORIES = 1024;

    private static final int ELTWISE_LINEAR = 0x26;
    private static final int TYPE_OF_RESULT = 0;

    /** The most that a product is told: two matrices, a bias, the result and memory of its own. */
    private static final int MOST_ARGUMENTS = 5;

    /** What becomes of a product: {@code scale · (A · B + bias + before · C)}, where C is what the result holds before. */
    record After(float scale, float before) {}

    private record ProductKey(Strided a, Strided b, Strided c, Optional<Strided> bias, After after) {}

    private record MemoryKey(OneDnnArgument argument, Strided shape) {}

    private final OneDnnPrimitives primitives;
    private final OneDnn api;
    private final Bounded<ProductKey, Primitive> products;
    private final Bounded<MemoryKey, Pointer> memories;
    private final Memory arguments = OneDnnPrimitives.arguments(MOST_ARGUMENTS);

    OneDnnProducts(OneDnnPrimitives primitives) {
        this.primitives = primitives;
        this.api = primitives.api();
        this.products = new Bounded<>(OneDnnPrimitives.MOST, primitives::free);
        this.memories = new Bounded<>(MEMORIES, primitives::free);
    }

    /** Writes {@code c = scale · (a · b + bias + before · c)}. */
    void multiply(Strided.At a, Strided.At b, Strided.At c, Optional<Long> bias, After after) throws OneDnnException {
        Optional<Strided> biasShape = bias.map(at -> biasOf(c.shape()));
        Primitive primitive = products.get(
                new ProductKey(
                        a.shape().ofAnySize(),
                        b.shape().ofAnySize(),
                        c.shape().ofAnySize(),
                        biasShape.map(shape -> shape.ofAnySize().part(0, 1)),
                        after),
                this::product);
        int count = 0;
        set(count++, OneDnnArgument.SOURCE, a.shape(), a.address());
        set(count++, OneDnnArgument.WEIGHTS, b.shape(), b.address());
        set(count++, OneDnnArgument.RESULT, c.shape(), c.address());
        if (bias.isPresent()) {
            set(count++, OneDnnArgument.BIAS, biasShape.orElseThrow(), bias.get());
        }
        if (primitive.scratch().isPresent()) {
            Pointer scratch = primitive.scratch().get().memory();
            OneDnnPrimitives.set(arguments, count++, OneDnnArgument.SCRATCHPAD, scratch);
        }
        primitives.execute(primitive, count, arguments);
    }

    private static Strided biasOf(Strided c) {
        return Strided.dense(OneDnn.FLOAT, 1, c.fromLast(0));
    }

    private void set(int place, OneDnnArgument argument, Strided shape, long address) throws OneDnnException {
        Pointer memory = memories.get(new MemoryKey(argument, shape), key -> primitives.memory(shape));
        api.place(memory, address);
        OneDnnPrimitives.set(arguments, place, argument, memory);
    }

    private Primitive product(ProductKey key) throws OneDnnException {
        return primitives.withAttributes(
                (attributes, steps) -> append(key.after(), steps),
                attributes -> primitives.withDescription(
                        key.a(),
                        a -> primitives.withDescription(
                                key.b(),
                                b -> primitives.withDescription(key.c(), c -> {
                                    if (key.bias().isEmpty()) {
                                        return matmul(a, b, Pointer.NULL, c, attributes);
                                    }
                                    return primitives.withDescription(
                                            key.bias().get(), bias -> matmul(a, b, bias, c, attributes));
                                }))));
    }

    /** In this order: the other one is left to oneDNN's reference loops. */
    private void append(After after, Pointer steps) throws OneDnnException {
        if (after.before() != 0) {
            api.call(OneDnnFunction.DNNL_POST_OPS_APPEND_SUM, steps, after.before(), 0, TYPE_OF_RESULT);
        }
        if (after.scale() != 1) {
            api.call(OneDnnFunction.DNNL_POST_OPS_APPEND_ELTWISE, steps, ELTWISE_LINEAR, after.scale(), 0f);
        }
    }

    private Primitive matmul(Pointer a, Pointer b, @Nullable Pointer bias, Pointer c, Pointer attributes)
            throws OneDnnException {
        return primitives.primitive(api.create(
                OneDnnFunction.DNNL_MATMUL_PRIMITIVE_DESC_CREATE, primitives.engine(), a, b, bias, c, attributes));
    }

    /** The primitives that are kept. */
    Collection<Primitive> kept() {
        return products.values();
    }

    /** How many descriptions of memory are kept. */
    int memories() {
        return memories.size();
    }

    @Override
    public void close() {
        products.close();
        memories.close();
        arguments.close();
    }
}
