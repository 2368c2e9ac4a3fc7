package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.LongByReference;
import io.bertfinetune.ort.capi.KernelContext.Operand;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.lowering.OwnOperator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The operators of {@link OwnOperator} on oneDNN, for one engine. Rows of a product, or columns if rows are few, are shared
 * among the threads of ONNX Runtime's pool, each of which computes its own alone.
 */
final class OneDnnDomain implements OperatorDomain {
    /**
     * Numbers that are not parted, which one thread has done by the time that two are set to work: an even division keeps the
     * pieces powers of two.
     */
    private static final long PIECE = 1 << 16;

    /** Numbers that are rounded in one piece at most. */
    private static final long LARGEST_PIECE = 1 << 20;

    /** Numbers that are computed, and rounded, in one piece: they, their results and their gradients fit a core's cache twice. */
    private static final long CACHED_PIECE = 1 << 14;

    /** Rows of a product that are not parted. */
    private static final long ROWS = 8;

    /** Columns of a product of few rows, a sum of columns for instance, that are not parted. */
    private static final long COLUMNS = 64;

    private final OrtApi api;
    private final Pointer handle;
    private final OneDnnLanes lanes;
    private final Parts parts;
    private final LayerNormKernel norms;
    private final List<CustomOperator> operators = new ArrayList<>();
    private final Map<Long, How> kernels = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    /** The attributes of a node. */
    private record How(float alpha, float beta, boolean transA, boolean transB, float epsilon) {
        private static final How NONE = new How(1, 1, false, false, 0);
    }

    private OneDnnDomain(OrtApi api, int threads) throws OrtStatusException {
        this.api = api;
        this.lanes = new OneDnnLanes();
        this.parts = new Parts(api, threads);
        this.norms = new LayerNormKernel(lanes, parts);
        this.handle = api.create(OrtFunction.CREATE_CUSTOM_OP_DOMAIN, CStrings.of(OwnOperator.DOMAIN));
        boolean done = false;
        try {
            for (OwnOperator operator : OwnOperator.values()) {
                CustomOperator made = new CustomOperator(api, new Body(operator));
                operators.add(made);
                api.call(OrtFunction.CUSTOM_OP_DOMAIN_ADD, handle, made.handle());
            }
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** A domain for each engine, whose sessions have as many threads. */
    static OperatorDomain.Maker withThreads(int threads) {
        return api -> new OneDnnDomain(api, threads);
    }

    @Override
    public String name() {
        return OwnOperator.DOMAIN;
    }

    @Override
    public Pointer handle() {
        return handle;
    }

    /** What oneDNN holds for this engine. */
    OneDnnLanes lanes() {
        return lanes;
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_CUSTOM_OP_DOMAIN, handle);
        operators.forEach(CustomOperator::close);
        lanes.close();
    }

    private final class Body implements CustomOperator.Body {
        private final OwnOperator operator;

        Body(OwnOperator operator) {
            this.operator = operator;
        }

        @Override
        public String name() {
            return operator.onnxName();
        }

        @Override
        public List<Integer> inputs() {
            int whole = DataType.FLOAT.onnxCode();
            int multiplied = operator.isOfRounded() ? DataType.BFLOAT16.onnxCode() : whole;
            return switch (operator.form()) {
                case NONE, GELU -> List.of(whole);
                case TIMES, GELU_GRADIENT -> List.of(whole, whole);
                case MATRICES -> List.of(multiplied, multiplied, whole);
                case SCORES, MIX -> List.of(multiplied, multiplied);
                case LAYER_NORM -> Collections.nCopies(3, whole);
                case LAYER_NORM_GRADIENT -> Collections.nCopies(5, whole);
            };
        }

        @Override
        public boolean lastIsOptional() {
            return operator.form() == OwnOperator.Form.MATRICES;
        }

        @Override
        public List<Integer> outputs() {
            int type = (operator.isRounded() ? DataType.BFLOAT16 : DataType.FLOAT).onnxCode();
            return switch (operator.form()) {
                case LAYER_NORM, LAYER_NORM_GRADIENT -> Collections.nCopies(3, type);
                default -> List.of(type);
            };
        }

        @Override
        public long create(Pointer info) throws OrtStatusException {
            OneDnn.begin();
            long id = ids.incrementAndGet();
            kernels.put(id, how(info));
            return id;
        }

        private How how(Pointer info) throws OrtStatusException {
            return switch (operator.form()) {
                case MATRICES, SCORES, MIX ->
                    new How(
                            number(info, OwnOperator.ALPHA),
                            number(info, OwnOperator.BETA),
                            flag(info, OwnOperator.TRANS_A),
                            flag(info, OwnOperator.TRANS_B),
                            0);
                case LAYER_NORM -> new How(1, 1, false, false, number(info, OwnOperator.EPSILON));
                case NONE, TIMES, GELU, GELU_GRADIENT, LAYER_NORM_GRADIENT -> How.NONE;
            };
        }

        @Override
        public void compute(long kernel, Pointer context) throws Exception {
            How how = Objects.requireNonNull(kernels.get(kernel));
            KernelContext in = new KernelContext(api, context);
            switch (operator.form()) {
                case NONE -> round(in);
                case MATRICES -> gemm(in, how, operator);
                case SCORES -> scores(in, how, operator.isRounded());
                case MIX -> mix(in, how, operator.isRounded());
                case TIMES -> times(in);
                case GELU -> gelu(in, operator.isRounded());
                case GELU_GRADIENT -> geluGradient(in, operator.isRounded());
                case LAYER_NORM -> norms.forward(in, how.epsilon());
                case LAYER_NORM_GRADIENT -> norms.backward(in);
            }
        }

        @Override
        public void destroy(long kernel) {
            kernels.remove(kernel);
        }
    }

    private float number(Pointer info, String attribute) throws OrtStatusException {
        FloatByReference number = new FloatByReference();
        api.call(OrtFunction.KERNEL_INFO_GET_FLOAT, info, CStrings.of(attribute), number);
        return number.getValue();
    }

    private boolean flag(Pointer info, String attribute) throws OrtStatusException {
        LongByReference number = new LongByReference();
        api.call(OrtFunction.KERNEL_INFO_GET_INT, info, CStrings.of(attribute), number);
        return number.getValue() != 0;
    }

    // ---- what the operators compute --------------------------------------------------------------------------------

    private void round(KernelContext context) throws Exception {
        Operand x = context.input(0);
        Operand y = context.output(x.dims());
        parts.share(
                context,
                x.count(),
                PIECE,
                (from, to) -> lanes.use(lane -> OneDnnLane.inPieces(
                        from,
                        to,
                        LARGEST_PIECE,
                        (at, count) -> lane.pieces().round(numbers(x, at), halves(y, at), count))));
    }

    private void times(KernelContext context) throws Exception {
        Operand a = context.input(0);
        Operand b = context.input(1);
        Operand y = context.output(a.dims());
        inPieces(
                context,
                y.count(),
                (lane, at, count) -> lane.pieces().times(numbers(a, at), numbers(b, at), halves(y, at), count));
    }

    private void gelu(KernelContext context, boolean rounded) throws Exception {
        Operand x = context.input(0);
        Operand y = context.output(x.dims());
        inPieces(
                context,
                x.count(),
                (lane, at, count) -> lane.pieces().gelu(numbers(x, at), result(y, rounded, at), rounded, count));
    }

    private void geluGradient(KernelContext context, boolean rounded) throws Exception {
        Operand dy = context.input(0);
        Operand x = context.input(1);
        Operand dx = context.output(x.dims());
        inPieces(
                context,
                x.count(),
                (lane, at, count) -> lane.pieces()
                        .geluGradient(numbers(dy, at), numbers(x, at), result(dx, rounded, at), rounded, count));
    }

    /** Something that a lane does to so many numbers from a place on. */
    @FunctionalInterface
    private interface PieceWork {
        void run(OneDnnLane lane, long at, long count) throws OneDnn.OneDnnException;
    }

    /** Numbers that are computed, and rounded if they are to be, a piece that fits a core's cache at a time. */
    private void inPieces(KernelContext context, long count, PieceWork work) throws Exception {
        parts.share(
                context,
                count,
                PIECE,
                (from, to) -> lanes.use(
                        lane -> OneDnnLane.inPieces(from, to, CACHED_PIECE, (at, some) -> work.run(lane, at, some))));
    }

    private static long numbers(Operand operand, long at) {
        return operand.address() + at * Float.BYTES;
    }

    private static long halves(Operand operand, long at) {
        return operand.address() + at * Short.BYTES;
    }

    private static long result(Operand operand, boolean rounded, long at) {
        return rounded ? halves(operand, at) : numbers(operand, at);
    }

    private void gemm(KernelContext context, How how, OwnOperator operator) throws Exception {
        int type = operator.isOfRounded() ? OneDnn.BFLOAT16 : OneDnn.FLOAT;
        Strided.At a = dense(type, context.input(0)).transposedIf(how.transA());
        Strided.At b = dense(type, context.input(1)).transposedIf(how.transB());
        Optional<Operand> addend = context.optionalInput(2).filter(c -> how.beta() != 0);
        long columns = b.shape().fromLast(0);
        Strided.At c = result(context.output(a.shape().dims()[0], columns), operator.isRounded());
        boolean bias =
                addend.isPresent() && how.alpha() == how.beta() && addend.get().count() == columns;
        OneDnnProducts.After after =
                new OneDnnProducts.After(how.alpha(), bias || addend.isEmpty() ? 0 : how.beta() / how.alpha());
        if (a.shape().fromLast(0) == 0) {
            throw new OrtStatusException("a product over no elements: " + a.shape() + " and " + b.shape());
        }
        if (a.shape().dims()[0] < parts.most() && addend.isEmpty()) {
            parts.share(
                    context,
                    columns,
                    COLUMNS,
                    (from, to) -> lanes.use(lane -> lane.products()
                            .multiply(a, b.part(1, from, to), c.part(1, from, to), Optional.empty(), after)));
            return;
        }
        parts.share(context, a.shape().dims()[0], ROWS, (from, to) -> {
            Strided.At part = c.part(0, from, to);
            if (!bias) {
                addend.ifPresent(operand -> prepare(part, operand, from, columns));
            }
            lanes.use(lane -> lane.products()
                    .multiply(
                            a.part(0, from, to),
                            b,
                            part,
                            bias ? Optional.of(addend.get().address()) : Optional.empty(),
                            after));
        });
    }

    /** Writes the rows that a product is added to where it will be written. */
    private static void prepare(Strided.At rows, Operand addend, long from, long columns) {
        long bytes = columns * Float.BYTES;
        long count = rows.shape().dims()[0];
        if (addend.count() == columns) {
            for (long row = 0; row < count; row++) {
                copy(addend.address(), rows.address() + row * bytes, bytes);
            }
        } else {
            copy(addend.address() + from * bytes, rows.address(), count * bytes);
        }
    }

    /** Copies bytes. */
    private static void copy(long from, long to, long bytes) {
        long done = 0;
        while (done < bytes) {
            long some = Math.min(bytes - done, 1 << 30);
            ByteBuffer source = new Pointer(from + done).getByteBuffer(0, some);
            new Pointer(to + done).getByteBuffer(0, some).put(source);
            done += some;
        }
    }

    private void scores(KernelContext context, How how, boolean rounded) throws Exception {
        Operand left = context.input(0);
        Operand right = context.input(1);
        long[] dims = left.dims();
        Strided.At c = result(context.output(dims[1], dims[2], dims[0], right.dims()[0]), rounded);
        heads(context, heads(left), heads(right).transposedIf(true), c, how);
    }

    private void mix(KernelContext context, How how, boolean rounded) throws Exception {
        Strided.At weights = half(context.input(0)).transposedIf(how.transA());
        Operand values = context.input(1);
        long[] dims = values.dims().clone();
        dims[0] = weights.shape().fromLast(1);
        Operand out = context.output(dims);
        int type = rounded ? OneDnn.BFLOAT16 : OneDnn.FLOAT;
        heads(context, weights, heads(values), new Strided.At(out.address(), Strided.heads(type, out.dims())), how);
    }

    /** Examples are shared among the threads; heads, where there are fewer examples than threads. */
    private void heads(KernelContext context, Strided.At a, Strided.At b, Strided.At c, How how) throws Exception {
        int axis = c.shape().dims()[0] >= parts.most() ? 0 : 1;
        OneDnnProducts.After after = new OneDnnProducts.After(how.alpha(), 0);
        parts.share(
                context,
                c.shape().dims()[axis],
                1,
                (from, to) -> lanes.use(lane -> lane.products()
                        .multiply(
                                a.part(axis, from, to),
                                b.part(axis, from, to),
                                c.part(axis, from, to),
                                Optional.empty(),
                                after)));
    }

    private static Strided.At half(Operand operand) {
        return dense(OneDnn.BFLOAT16, operand);
    }

    private static Strided.At dense(int type, Operand operand) {
        return new Strided.At(operand.address(), Strided.dense(type, operand.dims()));
    }

    private static Strided.At heads(Operand operand) {
        return new Strided.At(operand.address(), Strided.heads(OneDnn.BFLOAT16, operand.dims()));
    }

    private static Strided.At result(Operand operand, boolean rounded) {
        return new Strided.At(
                operand.address(), Strided.dense(rounded ? OneDnn.BFLOAT16 : OneDnn.FLOAT, operand.dims()));
    }
}
