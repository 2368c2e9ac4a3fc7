package io.bertfinetune.ort.capi;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.bertfinetune.ort.capi.OneDnn.OneDnnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes, runs and frees primitives of one oneDNN stream, for one thread at a time. Who has them made keeps and frees them. */
final class OneDnnPrimitives implements AutoCloseable {
    /** How many primitives of a kind are kept at most. */
    static final int MOST = 128;

    /** {@code dnnl_forward_training}. */
    static final int FORWARD_TRAINING = 64;

    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int SCRATCHPAD_OF_USER = 1;
    private static final int QUERY_SCRATCHPAD = 136;
    private static final int QUERY_KERNEL = 8;

    /** A primitive, the name of the kernel that computes it and the memory that it needs meanwhile. */
    record Primitive(Pointer handle, String kernel, Optional<Scratch> scratch) {}

    /** Memory of a primitive's own. */
    record Scratch(Memory block, Pointer memory) {}

    /** What a primitive of one size reads or writes. */
    record Operand(OneDnnArgument argument, Strided shape) {
        /** Floats, one behind the other. */
        static Operand floats(OneDnnArgument argument, long... dims) {
            return new Operand(argument, Strided.dense(OneDnn.FLOAT, dims));
        }
    }

    /** A primitive of one size with all that it is to be told, but for where its operands are. */
    record Ready(Primitive primitive, List<Pointer> memories, int count, Memory arguments) {}

    private final OneDnn api;
    private final Pointer engine;
    private final Pointer stream;

    private OneDnnPrimitives(OneDnn api, Pointer engine, Pointer stream) {
        this.api = api;
        this.engine = engine;
        this.stream = stream;
    }

    static OneDnnPrimitives open(OneDnn api) throws OneDnnException {
        Pointer engine = api.create(OneDnnFunction.DNNL_ENGINE_CREATE, CPU, 0L);
        try {
            return new OneDnnPrimitives(api, engine, api.create(OneDnnFunction.DNNL_STREAM_CREATE, engine, IN_ORDER));
        } catch (OneDnnException e) {
            api.release(OneDnnFunction.DNNL_ENGINE_DESTROY, engine);
            throw e;
        }
    }

    OneDnn api() {
        return api;
    }

    Pointer engine() {
        return engine;
    }

    // ---- what runs -------------------------------------------------------------------------------------------------

    /** Runs it on operands that are there, in the order in which they were said. */
    void run(Ready ready, long... addresses) throws OneDnnException {
        for (int i = 0; i < addresses.length; i++) {
            api.place(ready.memories().get(i), addresses[i]);
        }
        execute(ready.primitive(), ready.count(), ready.arguments());
    }

    /** Runs it on so many arguments, all of which are placed. */
    void execute(Primitive primitive, int count, Memory arguments) throws OneDnnException {
        api.execute(primitive.handle(), stream, count, arguments);
    }

    /** Room for so many arguments. */
    static Memory arguments(int most) {
        return new Memory((long) most * 2 * Native.POINTER_SIZE);
    }

    /** Writes one of the arguments. */
    static void set(Memory arguments, int place, OneDnnArgument argument, Pointer memory) {
        long at = (long) place * 2 * Native.POINTER_SIZE;
        arguments.setInt(at, argument.code());
        arguments.setPointer(at + Native.POINTER_SIZE, memory);
    }

    // ---- what is made ----------------------------------------------------------------------------------------------

    /** What is done with a handle while it is there. */
    @FunctionalInterface
    interface Use<V> {
        V use(Pointer handle) throws OneDnnException;
    }

    <V> V withDescription(Strided shape, Use<V> use) throws OneDnnException {
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

    <V> V with(OneDnnFunction free, Pointer handle, Use<V> use) throws OneDnnException {
        try {
            return use.use(handle);
        } finally {
            api.release(free, handle);
        }
    }

    /** Sets attributes of a primitive, and what it does afterwards. */
    @FunctionalInterface
    interface Setting {
        void set(Pointer attributes, Pointer steps) throws OneDnnException;
    }

    /** Attributes of a primitive that does nothing afterwards. */
    <V> V withAttributes(Use<V> use) throws OneDnnException {
        return withAttributes((attributes, steps) -> {}, use);
    }

    /** Scratch memory belongs to the primitive: oneDNN's own would belong to the thread that made it. */
    <V> V withAttributes(Setting setting, Use<V> use) throws OneDnnException {
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

    /** A primitive as described, which frees the description. */
    Primitive primitive(Pointer description) throws OneDnnException {
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

    /** Memory of a shape that is nowhere yet. */
    Pointer memory(Strided shape) throws OneDnnException {
        return withDescription(
                shape, made -> api.create(OneDnnFunction.DNNL_MEMORY_CREATE, made, engine, Pointer.NULL));
    }

    /** A primitive and its operands, in the order in which {@link #run} is told where they are. */
    Ready ready(Primitive primitive, Operand... operands) throws OneDnnException {
        List<Pointer> made = new ArrayList<>();
        try {
            for (Operand operand : operands) {
                made.add(memory(operand.shape()));
            }
        } catch (OneDnnException e) {
            made.forEach(this::free);
            free(primitive);
            throw e;
        }
        Memory told = arguments(operands.length + 1);
        for (int i = 0; i < operands.length; i++) {
            set(told, i, operands[i].argument(), made.get(i));
        }
        primitive
                .scratch()
                .ifPresent(scratch -> set(told, operands.length, OneDnnArgument.SCRATCHPAD, scratch.memory()));
        int count = operands.length + (primitive.scratch().isPresent() ? 1 : 0);
        return new Ready(primitive, List.copyOf(made), count, told);
    }

    // ---- what is freed ---------------------------------------------------------------------------------------------

    void free(Pointer memory) {
        api.release(OneDnnFunction.DNNL_MEMORY_DESTROY, memory);
    }

    void free(Primitive primitive) {
        api.release(OneDnnFunction.DNNL_PRIMITIVE_DESTROY, primitive.handle());
        primitive.scratch().ifPresent(scratch -> {
            free(scratch.memory());
            scratch.block().close();
        });
    }

    void free(Ready ready) {
        ready.memories().forEach(this::free);
        ready.arguments().close();
        free(ready.primitive());
    }

    /** Frees the stream; what was made is freed before. */
    @Override
    public void close() {
        api.release(OneDnnFunction.DNNL_STREAM_DESTROY, stream);
        api.release(OneDnnFunction.DNNL_ENGINE_DESTROY, engine);
    }
}
