package io.bertfinetune.ort.capi;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.bertfinetune.ort.capi.OneDnn.OneDnnException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One oneDNN stream and what runs on it, for one thread at a time; it computes on that thread alone. Primitives are told the
 * sizes when they run, so there are about as many as kinds of product; what describes memory is kept for the sizes used last.
 */
final class OneDnnLane implements AutoCloseable {
    /** How many primitives of products, and how many of the others, are kept at most. */
    static final int PRIMITIVES = 128;

    /** How many descriptions of memory are kept at most. */
    static final int MEMORIES = 1024;

    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int SCRATCHPAD_OF_USER = 1;
    private static final int FORWARD_TRAINING = 64;
    private static final int FORWARD_INFERENCE = 96;
    private static final int BACKWARD = 128;
    private static final int USE_SCALE_AND_SHIFT = 2 | 4;
    private static final int ELTWISE_ROOT = 0x25;
    private static final int ELTWISE_LINEAR = 0x26;
    private static final int ELTWISE_GELU_ERF = 0x31;
    private static final int BINARY_ADD = 0x1fff0;
    private static final int BINARY_MUL = 0x1fff1;
    private static final int BINARY_MAX = 0x1fff2;
    private static final int BINARY_DIV = 0x1fff4;
    private static final int BINARY_SUB = 0x1fff5;
    private static final int TYPE_OF_RESULT = 0;
    private static final int QUERY_SCRATCHPAD = 136;
    private static final int QUERY_KERNEL = 8;

    /**
     * {@code DNNL_ARG_SRC}, {@code _SRC_1}, {@code _WEIGHTS}, {@code _DST}, {@code _BIAS}, {@code _MEAN}, {@code _VARIANCE},
     * {@code _SCALE}, {@code _SHIFT}, {@code _SCRATCHPAD}, {@code _DIFF_SRC}, {@code _DIFF_DST}, {@code _DIFF_SCALE} and
     * {@code _DIFF_SHIFT}; {@code _ATTR_SCALES} of the sources, and {@code _SRC_1} of the second post-operation.
     */
    private enum Argument {
        SOURCE(1),
        SECOND_SOURCE(2),
        WEIGHTS(33),
        RESULT(17),
        BIAS(41),
        MEAN(49),
        VARIANCE(50),
        SCALE(51),
        SHIFT(52),
        SCRATCHPAD(80),
        GRADIENT_OF_SOURCE(129),
        GRADIENT_OF_RESULT(145),
        GRADIENT_OF_SCALE(255),
        GRADIENT_OF_SHIFT(256),
        FACTOR_OF_SOURCE(4096 | 1),
        FACTOR_OF_SECOND_SOURCE(4096 | 2),
        ADDEND(2 * 32768 | 2);

        private final int code;

        Argument(int code) {
            this.code = code;
        }
    }

    /** What becomes of a product: {@code scale · (A · B + bias + before · C)}, where C is what the result holds before. */
    record After(float scale, float before) {}

    private static final After NOTHING_AFTER = new After(1, 0);
    private static final Strided ONE_NUMBER = Strided.dense(OneDnn.FLOAT, 1);
    private static final long CACHE_LINE = 64;

    private record ProductKey(Strided a, Strided b, Strided c, Optional<Strided> bias, After after) {}

    private record MemoryKey(Argument argument, Strided shape) {}

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

    /** LayerNorm of so many rows, where what it knows of them lies: rows, their means and variances, and a weight. */
    record Norm(long count, long width, long rows, long means, long variances, long weight) {}

    private record NormKey(boolean gradient, long count, long width, float epsilon) {
        Operand rows(Argument argument) {
            return new Operand(argument, Strided.dense(OneDnn.FLOAT, count, width));
        }
    }

    private record PieceKey(Enum<?> kind, long count) {}

    private record Primitive(Pointer handle, String kernel, Optional<Scratch> scratch) {}

    /** What a primitive reads or writes. */
    private record Operand(Argument argument, Strided shape) {}

    /** A primitive of one size with all that it is to be told, but for where its operands are. */
    private record Ready(Primitive primitive, List<Pointer> memories, int count, Memory arguments) {}

    private record Scratch(Memory block, Pointer memory) {}

    private final OneDnn api;
    private final Pointer engine;
    private final Pointer stream;
    private final Bounded<ProductKey, Primitive> products = new Bounded<>(PRIMITIVES, this::free);
    private final Bounded<Record, Ready> pieces = new Bounded<>(PRIMITIVES, this::freeReady);
    private final Bounded<MemoryKey, Pointer> memories = new Bounded<>(MEMORIES, this::freeMemory);
    private Memory exact = new Memory(Float.BYTES);
    private Memory rows = new Memory(Float.BYTES);
    private final Memory factors = new Memory(3L * Float.BYTES);
    private final Memory arguments = new Memory((long) Argument.values().length * 2 * Native.POINTER_SIZE);

    private OneDnnLane(OneDnn api, Pointer engine, Pointer stream) {
        this.api = api;
        this.engine = engine;
        this.stream = stream;
    }

    static OneDnnLane open(OneDnn api) throws OneDnnException {
        Pointer engine = api.create(OneDnnFunction.DNNL_ENGINE_CREATE, CPU, 0L);
        try {
            return new OneDnnLane(api, engine, api.create(OneDnnFunction.DNNL_STREAM_CREATE, engine, IN_ORDER));
        } catch (OneDnnException e) {
            api.release(OneDnnFunction.DNNL_ENGINE_DESTROY, engine);
            throw e;
        }
    }

    /** Something that is computed. */
    @FunctionalInterface
    interface Work {
        void run() throws OneDnnException;
    }

    /** Runs on this thread alone; the number of threads that OpenMP has for it elsewhere stays. */
    void alone(Work work) throws OneDnnException {
        int threads = OneDnnCalls.omp_get_max_threads();
        setThreads(threads, 1);
        try {
            work.run();
        } finally {
            setThreads(1, threads);
        }
    }

    private static void setThreads(int before, int wanted) {
        if (before != wanted) {
            OneDnnCalls.omp_set_num_threads(wanted);
        }
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
        set(count++, Argument.SOURCE, a.shape(), a.address());
        set(count++, Argument.WEIGHTS, b.shape(), b.address());
        set(count++, Argument.RESULT, c.shape(), c.address());
        if (bias.isPresent()) {
            set(count++, Argument.BIAS, biasShape.orElseThrow(), bias.get());
        }
        execute(primitive, count);
    }

    private static Strided biasOf(Strided c) {
        return Strided.dense(OneDnn.FLOAT, 1, c.fromLast(0));
    }

    /** Something that is done to so many numbers from a place on. */
    @FunctionalInterface
    interface PieceWork {
        void run(long at, long count) throws OneDnnException;
    }

    /** Works through the places from one to another in powers of two, so that there are few primitives whatever the sizes. */
    void inPieces(long from, long to, long most, PieceWork work) throws OneDnnException {
        long at = from;
        while (at < to) {
            long some = Math.min(Long.highestOneBit(to - at), most);
            work.run(at, some);
            at += some;
        }
    }

    /** Rounds numbers. */
    void round(long x, long y, long count) throws OneDnnException {
        run(pieces.get(new PieceKey(Piece.ROUND, count), key -> rounding(count)), x, y);
    }

    /** Writes products of numbers, rounded. */
    void times(long a, long b, long y, long count) throws OneDnnException {
        long exact = exact(count);
        run(pieces.get(new PieceKey(Piece.TIMES, count), key -> times(count)), a, b, exact);
        round(exact, y, count);
    }

    /** Writes GELU of numbers, rounded if that is asked for. */
    void gelu(long x, long y, boolean rounded, long count) throws OneDnnException {
        long exact = rounded ? exact(count) : y;
        run(pieces.get(new PieceKey(Piece.GELU, count), key -> gelu(count)), x, exact);
        if (rounded) {
            round(exact, y, count);
        }
    }

    /** Writes the gradient of GELU, rounded if that is asked for. */
    void geluGradient(long dy, long x, long dx, boolean rounded, long count) throws OneDnnException {
        long exact = rounded ? exact(count) : dx;
        run(pieces.get(new PieceKey(Piece.GELU_GRADIENT, count), key -> geluGradient(count)), x, dy, exact);
        if (rounded) {
            round(exact, dx, count);
        }
    }

    /** Writes LayerNorm of rows, their means and their variances. */
    void layerNorm(Norm of, long bias, long y, float epsilon) throws OneDnnException {
        NormKey key = new NormKey(false, of.count(), of.width(), epsilon);
        Ready ready = pieces.get(key, k -> layerNorm(key));
        run(ready, of.rows(), of.means(), of.variances(), of.weight(), bias, y);
    }

    /** Writes the gradients of LayerNorm's rows, and what these rows have of those of the weight and the bias. */
    void layerNormGradient(Norm of, long dy, long dx, long dWeight, long dBias) throws OneDnnException {
        NormKey key = new NormKey(true, of.count(), of.width(), 0);
        Ready ready = pieces.get(key, k -> layerNormGradient(key));
        run(ready, of.rows(), of.means(), of.variances(), of.weight(), dy, dx, dWeight, dBias);
    }

    /** Joins two rows of numbers; the result may be written over the first. */
    void join(Join how, Factored a, Factored b, long y, long count) throws OneDnnException {
        Ready ready = pieces.get(new PieceKey(how, count), key -> joining(how, count));
        run(ready, a.address(), b.address(), y, number(0, a.factor()), number(1, b.factor()));
    }

    /** Writes the roots of numbers, to each of which a number is added. */
    void rootAnd(long x, float addend, long y, long count) throws OneDnnException {
        Ready ready =
                pieces.get(new PieceKey(Join.ROOT_AND_NUMBER, count), key -> joining(Join.ROOT_AND_NUMBER, count));
        run(ready, x, x, y, number(2, addend));
    }

    /** Where a single number lies. */
    private long number(int slot, float number) {
        factors.setFloat((long) slot * Float.BYTES, number);
        return Pointer.nativeValue(factors) + (long) slot * Float.BYTES;
    }

    /** Room of this lane for rows of numbers, one behind the other. */
    long rows(int howMany, long count) {
        if (rows.size() < howMany * count * Float.BYTES + CACHE_LINE) {
            rows.close();
            rows = new Memory(howMany * count * Float.BYTES + CACHE_LINE);
        }
        return -(-Pointer.nativeValue(rows) & -CACHE_LINE);
    }

    /** Room for numbers before they are rounded. */
    private long exact(long count) {
        if (exact.size() < count * Float.BYTES) {
            exact.close();
            exact = new Memory(count * Float.BYTES);
        }
        return Pointer.nativeValue(exact);
    }

    /** Copies bytes. */
    static void copy(long from, long to, long bytes) {
        long done = 0;
        while (done < bytes) {
            long some = Math.min(bytes - done, 1 << 30);
            ByteBuffer source = new Pointer(from + done).getByteBuffer(0, some);
            new Pointer(to + done).getByteBuffer(0, some).put(source);
            done += some;
        }
    }

    private void set(int place, Argument argument, Strided shape, long address) throws OneDnnException {
        Pointer memory = memories.get(new MemoryKey(argument, shape), key -> memory(shape));
        api.place(memory, address);
        set(arguments, place, argument, memory);
    }

    private static void set(Memory arguments, int place, Argument argument, Pointer memory) {
        long at = (long) place * 2 * Native.POINTER_SIZE;
        arguments.setInt(at, argument.code);
        arguments.setPointer(at + Native.POINTER_SIZE, memory);
    }

    private void execute(Primitive primitive, int count) throws OneDnnException {
        int all = count;
        if (primitive.scratch().isPresent()) {
            set(arguments, all++, Argument.SCRATCHPAD, primitive.scratch().get().memory());
        }
        api.execute(primitive.handle(), stream, all, arguments);
    }

    /** Runs it on operands that are there, in the order in which they were said. */
    private void run(Ready ready, long... addresses) throws OneDnnException {
        for (int i = 0; i < addresses.length; i++) {
            api.place(ready.memories().get(i), addresses[i]);
        }
        api.execute(ready.primitive().handle(), stream, ready.count(), ready.arguments());
    }

    // ---- what is made and freed ------------------------------------------------------------------------------------

    @FunctionalInterface
    private interface Use<V> {
        V use(Pointer handle) throws OneDnnException;
    }

    private <V> V withDescription(Strided shape, Use<V> use) throws OneDnnException {
        return with(
                OneDnnFunction.DNNL_MEMORY_DESC_DESTROY,
                api.create(
                        OneDnnFunction.DNNL_MEMORY_DESC_CREATE_WITH_STRIDES,
                        shape.rank(),
                        shape.dims(),
                        shape.type(),
                        shape.strides()),
                use);
    }

    private <V> V with(OneDnnFunction free, Pointer handle, Use<V> use) throws OneDnnException {
        try {
            return use.use(handle);
        } finally {
            api.release(free, handle);
        }
    }

    private Pointer memory(Strided shape) throws OneDnnException {
        return withDescription(
                shape, made -> api.create(OneDnnFunction.DNNL_MEMORY_CREATE, made, engine, Pointer.NULL));
    }

    private Ready ready(Primitive primitive, Operand... operands) throws OneDnnException {
        List<Pointer> made = new ArrayList<>();
        try {
            for (Operand operand : operands) {
                made.add(memory(operand.shape()));
            }
        } catch (OneDnnException e) {
            made.forEach(this::freeMemory);
            free(primitive);
            throw e;
        }
        Memory told = new Memory((operands.length + 1L) * 2 * Native.POINTER_SIZE);
        for (int i = 0; i < operands.length; i++) {
            set(told, i, operands[i].argument(), made.get(i));
        }
        primitive.scratch().ifPresent(scratch -> set(told, operands.length, Argument.SCRATCHPAD, scratch.memory()));
        int count = operands.length + (primitive.scratch().isPresent() ? 1 : 0);
        return new Ready(primitive, List.copyOf(made), count, told);
    }

    private static Operand numbers(Argument argument, long count) {
        return new Operand(argument, Strided.dense(OneDnn.FLOAT, count));
    }

    private Primitive product(ProductKey key) throws OneDnnException {
        return withAttributes(
                key.after(),
                attributes -> withDescription(
                        key.a(),
                        a -> withDescription(
                                key.b(),
                                b -> withDescription(key.c(), c -> {
                                    if (key.bias().isEmpty()) {
                                        return matmul(a, b, Pointer.NULL, c, attributes);
                                    }
                                    return withDescription(key.bias().get(), bias -> matmul(a, b, bias, c, attributes));
                                }))));
    }

    private Primitive matmul(
            Pointer a, Pointer b, @org.jspecify.annotations.Nullable Pointer bias, Pointer c, Pointer attributes)
            throws OneDnnException {
        return primitive(
                api.create(OneDnnFunction.DNNL_MATMUL_PRIMITIVE_DESC_CREATE, engine, a, b, bias, c, attributes));
    }

    private Ready rounding(long count) throws OneDnnException {
        Strided exact = Strided.dense(OneDnn.FLOAT, count);
        Strided rounded = Strided.dense(OneDnn.BFLOAT16, count);
        Primitive primitive = withAttributes(
                NOTHING_AFTER,
                attributes -> withDescription(
                        exact,
                        from -> withDescription(
                                rounded,
                                to -> primitive(api.create(
                                        OneDnnFunction.DNNL_REORDER_PRIMITIVE_DESC_CREATE,
                                        from,
                                        engine,
                                        to,
                                        engine,
                                        attributes)))));
        return ready(primitive, new Operand(Argument.SOURCE, exact), new Operand(Argument.RESULT, rounded));
    }

    private Ready times(long count) throws OneDnnException {
        return ready(
                withAttributes(NOTHING_AFTER, attributes -> joined(BINARY_MUL, count, attributes)),
                numbers(Argument.SOURCE, count),
                numbers(Argument.SECOND_SOURCE, count),
                numbers(Argument.RESULT, count));
    }

    private Ready joining(Join how, long count) throws OneDnnException {
        Operand a = numbers(Argument.SOURCE, count);
        Operand b = numbers(Argument.SECOND_SOURCE, count);
        Operand result = numbers(Argument.RESULT, count);
        if (how == Join.ROOT_AND_NUMBER) {
            return ready(joined(how, count), a, b, result, new Operand(Argument.ADDEND, ONE_NUMBER));
        }
        return ready(
                joined(how, count),
                a,
                b,
                result,
                new Operand(Argument.FACTOR_OF_SOURCE, ONE_NUMBER),
                new Operand(Argument.FACTOR_OF_SECOND_SOURCE, ONE_NUMBER));
    }

    private Primitive joined(Join how, long count) throws OneDnnException {
        return withDescription(
                ONE_NUMBER,
                number -> withAttributes(
                        (attributes, steps) -> {
                            if (how == Join.ROOT_AND_NUMBER) {
                                // Alone, or with the addition, a root is left to oneDNN's reference loops.
                                api.call(OneDnnFunction.DNNL_POST_OPS_APPEND_ELTWISE, steps, ELTWISE_ROOT, 0f, 0f);
                                api.call(OneDnnFunction.DNNL_POST_OPS_APPEND_BINARY, steps, BINARY_ADD, number);
                            } else {
                                allAlike(attributes, Argument.SOURCE);
                                allAlike(attributes, Argument.SECOND_SOURCE);
                            }
                        },
                        attributes -> joined(how.code, count, attributes)));
    }

    /** An operand's factor is one for all of its numbers. */
    private void allAlike(Pointer attributes, Argument argument) throws OneDnnException {
        api.call(OneDnnFunction.DNNL_PRIMITIVE_ATTR_SET_SCALES_MASK, attributes, argument.code, 0);
    }

    private Primitive joined(int how, long count, Pointer attributes) throws OneDnnException {
        return withDescription(
                Strided.dense(OneDnn.FLOAT, count),
                numbers -> primitive(api.create(
                        OneDnnFunction.DNNL_BINARY_PRIMITIVE_DESC_CREATE,
                        engine,
                        how,
                        numbers,
                        numbers,
                        numbers,
                        attributes)));
    }

    private Ready gelu(long count) throws OneDnnException {
        Primitive primitive = withAttributes(
                NOTHING_AFTER,
                attributes -> withDescription(
                        Strided.dense(OneDnn.FLOAT, count),
                        numbers -> primitive(geluDescription(FORWARD_INFERENCE, numbers, attributes))));
        return ready(primitive, numbers(Argument.SOURCE, count), numbers(Argument.RESULT, count));
    }

    private Ready geluGradient(long count) throws OneDnnException {
        Primitive primitive = withAttributes(
                NOTHING_AFTER,
                attributes -> withDescription(
                        Strided.dense(OneDnn.FLOAT, count),
                        numbers -> with(
                                OneDnnFunction.DNNL_PRIMITIVE_DESC_DESTROY,
                                geluDescription(FORWARD_TRAINING, numbers, attributes),
                                forward -> primitive(api.create(
                                        OneDnnFunction.DNNL_ELTWISE_BACKWARD_PRIMITIVE_DESC_CREATE,
                                        engine,
                                        ELTWISE_GELU_ERF,
                                        numbers,
                                        numbers,
                                        numbers,
                                        0f,
                                        0f,
                                        forward,
                                        attributes)))));
        return ready(
                primitive,
                numbers(Argument.SOURCE, count),
                numbers(Argument.GRADIENT_OF_RESULT, count),
                numbers(Argument.GRADIENT_OF_SOURCE, count));
    }

    private Pointer geluDescription(int kind, Pointer numbers, Pointer attributes) throws OneDnnException {
        return api.create(
                OneDnnFunction.DNNL_ELTWISE_FORWARD_PRIMITIVE_DESC_CREATE,
                engine,
                kind,
                ELTWISE_GELU_ERF,
                numbers,
                numbers,
                0f,
                0f,
                attributes);
    }

    private Ready layerNorm(NormKey key) throws OneDnnException {
        Primitive primitive = withAttributes(
                NOTHING_AFTER,
                attributes ->
                        withNorm(key, (rows, column) -> primitive(normDescription(key, rows, column, attributes))));
        return ready(
                primitive,
                key.rows(Argument.SOURCE),
                numbers(Argument.MEAN, key.count()),
                numbers(Argument.VARIANCE, key.count()),
                numbers(Argument.SCALE, key.width()),
                numbers(Argument.SHIFT, key.width()),
                key.rows(Argument.RESULT));
    }

    private Ready layerNormGradient(NormKey key) throws OneDnnException {
        Primitive primitive = withAttributes(
                NOTHING_AFTER,
                attributes -> withNorm(
                        key,
                        (rows, column) -> with(
                                OneDnnFunction.DNNL_PRIMITIVE_DESC_DESTROY,
                                normDescription(key, rows, column, attributes),
                                forward -> primitive(api.create(
                                        OneDnnFunction.DNNL_LAYER_NORMALIZATION_BACKWARD_PRIMITIVE_DESC_CREATE,
                                        engine,
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
                key.rows(Argument.SOURCE),
                numbers(Argument.MEAN, key.count()),
                numbers(Argument.VARIANCE, key.count()),
                numbers(Argument.SCALE, key.width()),
                key.rows(Argument.GRADIENT_OF_RESULT),
                key.rows(Argument.GRADIENT_OF_SOURCE),
                numbers(Argument.GRADIENT_OF_SCALE, key.width()),
                numbers(Argument.GRADIENT_OF_SHIFT, key.width()));
    }

    private Pointer normDescription(NormKey key, Pointer rows, Pointer column, Pointer attributes)
            throws OneDnnException {
        return api.create(
                OneDnnFunction.DNNL_LAYER_NORMALIZATION_FORWARD_PRIMITIVE_DESC_CREATE,
                engine,
                FORWARD_TRAINING,
                rows,
                rows,
                column,
                key.epsilon(),
                USE_SCALE_AND_SHIFT,
                attributes);
    }

    @FunctionalInterface
    private interface UseOfTwo<V> {
        V use(Pointer first, Pointer second) throws OneDnnException;
    }

    private <V> V withNorm(NormKey key, UseOfTwo<V> use) throws OneDnnException {
        return withDescription(
                Strided.dense(OneDnn.FLOAT, key.count(), key.width()),
                rows -> withDescription(Strided.dense(OneDnn.FLOAT, key.count()), column -> use.use(rows, column)));
    }

    private <V> V withAttributes(After after, Use<V> use) throws OneDnnException {
        return withAttributes(
                (attributes, steps) -> {
                    // In this order: the other one is left to oneDNN's reference loops.
                    if (after.before() != 0) {
                        api.call(OneDnnFunction.DNNL_POST_OPS_APPEND_SUM, steps, after.before(), 0, TYPE_OF_RESULT);
                    }
                    if (after.scale() != 1) {
                        api.call(OneDnnFunction.DNNL_POST_OPS_APPEND_ELTWISE, steps, ELTWISE_LINEAR, after.scale(), 0f);
                    }
                },
                use);
    }

    /** Sets attributes of a primitive, and what it does afterwards. */
    @FunctionalInterface
    private interface Setting {
        void set(Pointer attributes, Pointer steps) throws OneDnnException;
    }

    /** Scratch memory belongs to the primitive: oneDNN's own would belong to the thread that made it. */
    private <V> V withAttributes(Setting setting, Use<V> use) throws OneDnnException {
        return with(
                OneDnnFunction.DNNL_PRIMITIVE_ATTR_DESTROY,
                api.create(OneDnnFunction.DNNL_PRIMITIVE_ATTR_CREATE),
                attributes -> with(
                        OneDnnFunction.DNNL_POST_OPS_DESTROY,
                        api.create(OneDnnFunction.DNNL_POST_OPS_CREATE),
                        steps -> {
                            setting.set(attributes, steps);
                            api.call(
                                    OneDnnFunction.DNNL_PRIMITIVE_ATTR_SET_SCRATCHPAD_MODE,
                                    attributes,
                                    SCRATCHPAD_OF_USER);
                            api.call(OneDnnFunction.DNNL_PRIMITIVE_ATTR_SET_POST_OPS, attributes, steps);
                            return use.use(attributes);
                        }));
    }

    private Primitive primitive(Pointer description) throws OneDnnException {
        return with(OneDnnFunction.DNNL_PRIMITIVE_DESC_DESTROY, description, d -> {
            Pointer handle = api.create(OneDnnFunction.DNNL_PRIMITIVE_CREATE, d);
            return new Primitive(handle, kernel(d), scratch(d));
        });
    }

    private String kernel(Pointer description) throws OneDnnException {
        PointerByReference name = new PointerByReference();
        api.call(OneDnnFunction.DNNL_PRIMITIVE_DESC_QUERY, description, QUERY_KERNEL, 0, name);
        return name.getValue().getString(0);
    }

    private Optional<Scratch> scratch(Pointer description) throws OneDnnException {
        Pointer shape = api.pointer(OneDnnFunction.DNNL_PRIMITIVE_DESC_QUERY_MD, description, QUERY_SCRATCHPAD, 0);
        long bytes = shape == null ? 0 : api.size(OneDnnFunction.DNNL_MEMORY_DESC_GET_SIZE, shape);
        if (bytes == 0) {
            return Optional.empty();
        }
        Memory block = new Memory(bytes);
        return Optional.of(new Scratch(block, api.create(OneDnnFunction.DNNL_MEMORY_CREATE, shape, engine, block)));
    }

    private void free(Primitive primitive) {
        api.release(OneDnnFunction.DNNL_PRIMITIVE_DESTROY, primitive.handle());
        primitive.scratch().ifPresent(scratch -> {
            freeMemory(scratch.memory());
            scratch.block().close();
        });
    }

    private void freeReady(Ready ready) {
        ready.memories().forEach(this::freeMemory);
        ready.arguments().close();
        free(ready.primitive());
    }

    private void freeMemory(Pointer memory) {
        api.release(OneDnnFunction.DNNL_MEMORY_DESTROY, memory);
    }

    /** How many primitives are kept. */
    int primitives() {
        return products.size() + pieces.size();
    }

    /** The names of oneDNN's kernels that compute them. */
    Set<String> kernels() {
        return Stream.concat(
                        products.values().stream(), pieces.values().stream().map(Ready::primitive))
                .map(Primitive::kernel)
                .collect(Collectors.toSet());
    }

    /** How many descriptions of memory are kept. */
    int memories() {
        return memories.size();
    }

    @Override
    public void close() {
        products.close();
        pieces.close();
        memories.close();
        api.release(OneDnnFunction.DNNL_STREAM_DESTROY, stream);
        api.release(OneDnnFunction.DNNL_ENGINE_DESTROY, engine);
        arguments.close();
        exact.close();
        rows.close();
        factors.close();
    }
}
