package io.bertfinetune.ort.capi;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A model that ONNX Runtime has read, and its run. */
final class Session implements Computation {
    private final OrtApi api;
    private final Pointer handle;
    private final List<String> inputs;
    private final List<String> outputs;
    private final Memory inputNames;
    private final Memory outputNames;

    /**
     * How a model is read and run.
     *
     * @param threads how many threads share one operator
     * @param cuda the GPU to run on; empty for the processor
     * @param operators operators of our own
     */
    record Options(int threads, Optional<CudaOptions> cuda, List<OperatorDomain> operators) {
        /** Sets them on a handle. */
        private void apply(OrtApi api, Pointer options) throws OrtStatusException {
            api.call(OrtFunction.SET_INTRA_OP_NUM_THREADS, options, threads);
            api.call(OrtFunction.SET_INTER_OP_NUM_THREADS, options, 1);
            // Between runs the cores belong to masks, norms and the optimizer, not to threads that spin for the next
            // run.
            entry(api, options, "session.force_spinning_stop", "1");
            // Within a run a thread that has waited 0.2 ms for its next part leaves its core, to Java's compiler for
            // instance.
            entry(api, options, "session.intra_op.spin_duration_us", "200");
            if (cuda.isEmpty()) {
                // A plan of a run's memory is a block of its own beside what the first run took, and no faster.
                api.call(OrtFunction.DISABLE_MEMORY_PATTERN, options);
            }
            for (OperatorDomain domain : operators) {
                api.call(OrtFunction.ADD_CUSTOM_OP_DOMAIN, options, domain.handle());
            }
            if (cuda.isPresent()) {
                // Read in nodesOnProcessor: the option that forbids them forbids computing lengths of axes there too.
                entry(api, options, "session.record_ep_graph_assignment_info", "1");
                append(api, options, cuda.get());
            }
        }

        private static void entry(OrtApi api, Pointer options, String key, String value) throws OrtStatusException {
            api.call(OrtFunction.ADD_SESSION_CONFIG_ENTRY, options, CStrings.of(key), CStrings.of(value));
        }

        private static void append(OrtApi api, Pointer options, CudaOptions cuda) throws OrtStatusException {
            Map<String, String> entries = cuda.forProvider();
            Pointer made = api.create(OrtFunction.CREATE_CUDA_OPTIONS);
            try {
                api.call(
                        OrtFunction.UPDATE_CUDA_OPTIONS,
                        made,
                        CStrings.arrayOf(entries.keySet()),
                        CStrings.arrayOf(entries.values()),
                        (long) entries.size());
                api.call(OrtFunction.APPEND_CUDA, options, made);
            } finally {
                api.release(OrtFunction.RELEASE_CUDA_OPTIONS, made);
            }
        }
    }

    private Session(OrtApi api, Pointer handle, Collection<String> inputs, Collection<String> outputs) {
        this.api = api;
        this.handle = handle;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.inputNames = CStrings.arrayOf(inputs);
        this.outputNames = CStrings.arrayOf(outputs);
    }

    /** Reads a model whose inputs and outputs have these names. */
    static Session open(
            OrtEnv env, byte[] model, Collection<String> inputs, Collection<String> outputs, Options options)
            throws OrtStatusException {
        OrtApi api = env.api();
        Pointer made = api.create(OrtFunction.CREATE_SESSION_OPTIONS);
        try {
            options.apply(api, made);
            Pointer handle =
                    api.create(OrtFunction.CREATE_SESSION_FROM_ARRAY, env.handle(), model, (long) model.length, made);
            return new Session(api, handle, inputs, outputs);
        } finally {
            api.release(OrtFunction.RELEASE_SESSION_OPTIONS, made);
        }
    }

    /** The {@code OrtSession}. */
    Pointer handle() {
        return handle;
    }

    /** A node and its operator, as ONNX Runtime names them. */
    record Placed(String node, String operator) {
        @Override
        public String toString() {
            return operator + " (" + node + ")";
        }
    }

    /** The nodes of a session for CUDA that run on the processor all the same. */
    List<Placed> nodesOnProcessor() throws OrtStatusException {
        List<Placed> nodes = new ArrayList<>();
        for (Pointer part : list(OrtFunction.GET_ASSIGNMENT, handle)) {
            if (text(OrtFunction.GET_PROVIDER_OF_ASSIGNMENT, part).equals("CPUExecutionProvider")) {
                for (Pointer node : list(OrtFunction.GET_NODES_OF_ASSIGNMENT, part)) {
                    nodes.add(new Placed(
                            text(OrtFunction.GET_NAME_OF_NODE, node), text(OrtFunction.GET_OPERATOR_OF_NODE, node)));
                }
            }
        }
        return nodes;
    }

    /** What a function lists through its last two arguments, an array and its length. */
    private Pointer[] list(OrtFunction function, Pointer of) throws OrtStatusException {
        PointerByReference array = new PointerByReference();
        LongByReference length = new LongByReference();
        api.call(function, of, array, length);
        return length.getValue() == 0
                ? new Pointer[0]
                : array.getValue().getPointerArray(0, Math.toIntExact(length.getValue()));
    }

    private String text(OrtFunction function, Pointer of) throws OrtStatusException {
        return api.create(function, of).getString(0, "UTF-8");
    }

    @Override
    public Run bind(Map<String, CApiTensor> in, Map<String, CApiTensor> out) {
        List<CApiTensor> inOrder = inOrder(in, out);
        return () -> {
            Pointer[] values = new Pointer[inOrder.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = inOrder.get(i).value();
            }
            run(values);
        };
    }

    /** What belongs to each input, and then what to each output, in the order in which a run takes them. */
    <T> List<T> inOrder(Map<String, T> in, Map<String, T> out) {
        List<T> all = new ArrayList<>(inputs.size() + outputs.size());
        inputs.forEach(name -> all.add(Objects.requireNonNull(in.get(name), name)));
        outputs.forEach(name -> all.add(Objects.requireNonNull(out.get(name), name)));
        return all;
    }

    /**
     * Runs the model on tensors where they are. Those on another device than their node are copied now, at every run.
     *
     * @param values an {@code OrtValue} for each input and for each output, which is written, {@link #inOrder}
     */
    void run(Pointer... values) throws OrtStatusException {
        try (Memory array = CStrings.arrayOf(values)) {
            api.call(
                    OrtFunction.RUN,
                    handle,
                    Pointer.NULL,
                    inputNames,
                    array,
                    (long) inputs.size(),
                    outputNames,
                    (long) outputs.size(),
                    array.share((long) inputs.size() * Native.POINTER_SIZE));
        }
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_SESSION, handle);
        inputNames.close();
        outputNames.close();
    }
}
