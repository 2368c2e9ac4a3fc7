package io.bertfinetune.ort.capi;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/**
 * An operator that is written in Java, as ONNX Runtime wants it: {@code OrtCustomOp}, a table of functions. What it computes
 * is said by a {@link Body}; a failure becomes a status that stops the run.
 */
final class CustomOperator implements AutoCloseable {
    private static final int FIELDS = 26;
    private static final int REQUIRED = 0;
    private static final int OPTIONAL = 1;

    private final OrtApi api;
    private final Body body;
    private final Memory table = new Memory((long) FIELDS * Native.POINTER_SIZE);
    private final Memory name;
    private final Memory provider = CStrings.of("CPUExecutionProvider");
    private final List<Callback> callbacks = new ArrayList<>();

    /** Types, by number, and what is computed. Types are ONNX's {@code TensorProto.DataType}. */
    interface Body {
        /** The name of the operator. */
        String name();

        /** The types of the inputs. */
        List<Integer> inputs();

        /** Whether the last input may be left out. */
        boolean lastIsOptional();

        /** The types of the outputs. */
        List<Integer> outputs();

        /** A kernel for a node with these attributes: not zero, and known to {@link #compute}. */
        long create(Pointer info) throws Exception;

        /** Computes a node. */
        void compute(long kernel, Pointer context) throws Exception;

        /** Forgets a kernel. */
        void destroy(long kernel);
    }

    interface OfOperator extends Callback {
        Pointer call(Pointer operator);
    }

    interface CountOfOperator extends Callback {
        long call(Pointer operator);
    }

    interface NumberOfOperator extends Callback {
        int call(Pointer operator, long index);
    }

    interface Flag extends Callback {
        int call(Pointer operator);
    }

    interface Create extends Callback {
        Pointer call(Pointer operator, Pointer api, Pointer info, Pointer kernel);
    }

    interface Destroy extends Callback {
        void call(Pointer kernel);
    }

    interface Compute extends Callback {
        Pointer call(Pointer kernel, Pointer context);
    }

    CustomOperator(OrtApi api, Body body) {
        this.api = api;
        this.body = body;
        this.name = CStrings.of(body.name());
        int count = body.inputs().size();
        table.clear();
        table.setInt(0, OrtApi.VERSION);
        set(2, (OfOperator) operator -> name);
        set(3, (OfOperator) operator -> provider);
        set(4, (NumberOfOperator) (operator, index) -> body.inputs().get((int) index));
        set(5, (CountOfOperator) operator -> count);
        set(6, (NumberOfOperator) (operator, index) -> body.outputs().get((int) index));
        set(7, (CountOfOperator) operator -> body.outputs().size());
        set(9, (Destroy) this::destroy);
        set(10, (NumberOfOperator)
                (operator, index) -> body.lastIsOptional() && index == count - 1 ? OPTIONAL : REQUIRED);
        set(11, (NumberOfOperator) (operator, index) -> REQUIRED);
        set(12, (NumberOfOperator) (operator, index) -> 0);
        set(17, (Create) this::create);
        set(18, (Compute) this::compute);
        set(20, (Flag) operator -> 1);
        set(21, (Flag) operator -> Integer.MAX_VALUE);
    }

    private void set(int field, Callback callback) {
        callbacks.add(callback);
        table.setPointer((long) field * Native.POINTER_SIZE, CallbackReference.getFunctionPointer(callback));
    }

    /** The {@code OrtCustomOp}. */
    Pointer handle() {
        return table;
    }

    private Pointer create(Pointer operator, Pointer ortApi, Pointer info, Pointer kernel) {
        return guarded(() -> kernel.setPointer(0, new Pointer(body.create(info))));
    }

    private Pointer compute(Pointer kernel, Pointer context) {
        return guarded(() -> body.compute(Pointer.nativeValue(kernel), context));
    }

    private void destroy(Pointer kernel) {
        body.destroy(Pointer.nativeValue(kernel));
    }

    private interface Call {
        void run() throws Exception;
    }

    /** Nothing may be thrown into native code: it would be lost there. */
    private Pointer guarded(Call call) {
        try {
            call.run();
            return Pointer.NULL;
        } catch (OrtStatusException | OneDnn.OneDnnException e) {
            return api.failure(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            return api.failure(e.toString());
        }
    }

    @Override
    public void close() {
        table.close();
        name.close();
        provider.close();
        callbacks.clear();
    }
}
