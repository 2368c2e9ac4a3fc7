package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineProvider;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.Failure;
import io.bertfinetune.ort.engine.HostMemory;
import io.bertfinetune.ort.engine.PlacedTensor;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.lowering.AliasRule;
import io.bertfinetune.ort.lowering.Bf16Lowering;
import io.bertfinetune.ort.lowering.CpuLowering;
import io.bertfinetune.ort.lowering.CudaLowering;
import io.bertfinetune.ort.lowering.Lowering;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import io.bertfinetune.ort.onnx.OnnxWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime through its C API, on the processor or on an NVIDIA GPU. Numbers stay where they are kept: on a GPU, only
 * tensors of {@link #allocateOnHost} are copied, when a program that uses them runs.
 */
public final class CApiEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger("io.bertfinetune");
    private static final int DEVICE_ALLOCATOR = 0;
    private static final int MEMORY_DEFAULT = 0;

    private final Natives natives;
    private final Map<Precision, Lowering> lowerings;
    private final int threads;
    private final Optional<CudaOptions> cuda;
    private final Pointer hostInfo;
    private final List<OperatorDomain> operators = new ArrayList<>();
    private final Optional<OneDnnLanes> lanes;
    private final Optional<CudaMemory> gpu;
    private final Ledger ledger = new Ledger();
    private boolean closed;

    private CApiEngine(
            Natives natives,
            Map<Precision, Lowering> lowerings,
            int threads,
            Optional<CudaOptions> cuda,
            Optional<OneDnnLanes> lanes,
            List<OperatorDomain.Maker> operators)
            throws OrtStatusException {
        this.natives = natives;
        this.lanes = lanes;
        this.lowerings = lowerings;
        this.threads = threads;
        this.cuda = cuda;
        OrtApi api = natives.env().api();
        this.hostInfo =
                api.create(OrtFunction.CREATE_MEMORY_INFO, CStrings.of("Cpu"), DEVICE_ALLOCATOR, 0, MEMORY_DEFAULT);
        boolean done = false;
        try {
            for (OperatorDomain.Maker maker : operators) {
                this.operators.add(maker.make(api));
            }
            this.gpu = cuda.isPresent()
                    ? Optional.of(CudaMemory.open(natives.env(), cuda.get(), hostInfo))
                    : Optional.empty();
            done = true;
        } finally {
            if (!done) {
                release();
            }
        }
    }

    /**
     * An engine on the processor with a thread for each core and every pass of the lowering on.
     *
     * @param build the build of ONNX Runtime to load
     * @return the engine; the caller closes it
     * @throws EngineException if the build is not on the class path or does not load here
     */
    public static CApiEngine cpu(NativeBuild build) {
        return cpu(build, CpuLowering.standard(), Runtime.getRuntime().availableProcessors());
    }

    /**
     * An engine on the processor with this lowering and as many threads.
     *
     * @param build the build of ONNX Runtime to load
     * @param lowering how programs become ONNX models
     * @param threads how many threads compute, 1 or more
     * @return the engine; the caller closes it
     * @throws EngineException if the build is not on the class path or does not load here
     */
    public static CApiEngine cpu(NativeBuild build, Lowering lowering, int threads) {
        return cpu(build, Map.of(Precision.FLOAT32, lowering), threads, List.of());
    }

    /**
     * An engine on the processor that has oneDNN, for products of bfloat16, for some of what trains a model in float32 and for
     * formulas that work number by number in pieces. It is loaded when a program is compiled that needs it.
     */
    static CApiEngine cpuWithOneDnn(NativeBuild build, int threads) {
        return open(
                build,
                new EnumMap<>(Map.of(
                        Precision.FLOAT32, CpuLowering.withOwnOperators(), Precision.BFLOAT16, new Bf16Lowering())),
                threads,
                Optional.empty(),
                Optional.of(new OneDnnLanes()),
                List.of(OneDnnDomain.withThreads(threads)));
    }

    /** An engine on the processor with a lowering for each precision it has, which may use these operators. */
    static CApiEngine cpu(
            NativeBuild build, Map<Precision, Lowering> lowerings, int threads, List<OperatorDomain.Maker> operators) {
        return open(build, new EnumMap<>(lowerings), threads, Optional.empty(), Optional.empty(), operators);
    }

    /**
     * An engine on an NVIDIA GPU. A program with a node that would run on the processor is refused.
     *
     * @param build the build of ONNX Runtime to load, one with CUDA
     * @param fused whether gradients are left to fused kernels; how programs become models, {@link CudaLowering} says
     * @param options which GPU, and how it is used
     * @return the engine; the caller closes it
     * @throws EngineException if the build has no CUDA, is not on the class path, or the GPU cannot be used
     */
    public static CApiEngine cuda(NativeBuild build, FusedKernels fused, CudaOptions options) {
        if (!build.cuda()) {
            throw new EngineException("ONNX Runtime's build " + build.word() + " has no CUDA; use "
                    + NativeBuild.MICROSOFT_GPU.artifact());
        }
        Optional<CudaOptions> cuda = Optional.of(options);
        return open(build, fused.lowerings(Natives.load(build).env(), cuda), 1, cuda, Optional.empty(), List.of());
    }

    private static CApiEngine open(
            NativeBuild build,
            Map<Precision, Lowering> lowerings,
            int threads,
            Optional<CudaOptions> cuda,
            Optional<OneDnnLanes> lanes,
            List<OperatorDomain.Maker> operators) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + ", expected at least 1");
        }
        Natives natives = Natives.load(build);
        natives.env().takeError();
        try {
            CApiEngine engine = new CApiEngine(natives, lowerings, threads, cuda, lanes, operators);
            if (cuda.isPresent()) {
                natives.settle();
            }
            return engine;
        } catch (OrtStatusException e) {
            String logged = natives.env().takeError();
            throw new EngineException(
                    cuda.map(options -> "cuda:" + options.deviceId() + " cannot be used")
                                    .orElse("ONNX Runtime does not start")
                            + ": " + e.getMessage()
                            + (logged.isEmpty() || logged.equals(e.getMessage()) ? "" : "; its log says: " + logged),
                    e);
        }
    }

    @Override
    public String name() {
        return "ONNX Runtime " + natives.env().api().version() + " ("
                + natives.build().word() + ") on " + (cuda.isPresent() ? device() : threads + " threads");
    }

    @Override
    public Device device() {
        return cuda.map(options -> Device.cuda(options.deviceId())).orElse(Device.cpu());
    }

    @Override
    public boolean isOnHost() {
        return gpu.isEmpty();
    }

    /** A lowering there has to be, and what computes it. */
    @Override
    public Optional<String> missingFor(Precision precision) {
        if (!lowerings.containsKey(precision)) {
            return EngineProvider.missing(device(), precision).or(() -> Engine.super.missingFor(precision));
        }
        return EngineProvider.missing(device(), precision);
    }

    @Override
    public DeviceTensor allocate(DataType type, long... shape) {
        return gpu.isPresent() ? onDevice(gpu.get(), type, shape) : allocateOnHost(type, shape);
    }

    private DeviceTensor onDevice(CudaMemory memory, DataType type, long... shape) {
        requireOpen();
        return tensor(OnDevice.allocate(memory, PlacedTensor.bytes(type, shape), ledger), type, shape);
    }

    @Override
    public DeviceTensor allocateOnHost(DataType type, long... shape) {
        requireOpen();
        HostMemory memory = HostMemory.allocate(PlacedTensor.bytes(type, shape));
        return tensor(new OnHost(memory, hostInfo, ledger), type, shape);
    }

    private DeviceTensor tensor(NativeMemory memory, DataType type, long... shape) {
        CApiTensor tensor = new CApiTensor(this, memory, type, PlacedTensor.asList(shape));
        ledger.enter(memory, "tensor " + tensor);
        return tensor;
    }

    @Override
    public Executable compile(Program program) {
        return compile(program, Precision.FLOAT32);
    }

    @Override
    public Executable compile(Program program, Precision precision) {
        return compile(program, precision, threads);
    }

    @Override
    public Executable compileForPieces(Program program) {
        Optional<Computation> walks =
                lanes.flatMap(here -> PointwisePlan.of(program).map(plan -> pointwise(plan, here)));
        return entered(program, walks.orElseGet(() -> session(program, Precision.FLOAT32, 1)));
    }

    private Computation pointwise(PointwisePlan plan, OneDnnLanes here) {
        requireOpen();
        OneDnn.begin();
        return new Pointwise(plan, here);
    }

    private Executable entered(Program program, Computation computation) {
        return ledger.enter(new CApiExecutable(program, this, computation, ledger), "program " + program.name());
    }

    private Executable compile(Program program, Precision precision, int intraOpThreads) {
        return entered(program, session(program, precision, intraOpThreads));
    }

    private Session session(Program program, Precision precision, int intraOpThreads) {
        requireOpen();
        Lowering lowering = lowerings.get(precision);
        if (lowering == null) {
            throw new EngineException("precision " + precision + ": " + name() + " computes in " + lowerings.keySet());
        }
        OnnxModel model = lowering.lower(program);
        if (cuda.isPresent()) {
            CudaKernels.of(CudaNatives.of(natives.build())).check(model);
        }
        AliasRule.of(model).check(program.overwrites());
        try {
            Session session = Session.open(
                    natives.env(),
                    OnnxWriter.toBytes(model),
                    program.inputs().keySet(),
                    program.outputs().keySet(),
                    new Session.Options(
                            intraOpThreads, cuda.map(options -> options.in(precision)), operatorsOf(model)));
            boolean done = false;
            try {
                if (cuda.isPresent()) {
                    requireOnDevice(model, session);
                }
                done = true;
                return session;
            } finally {
                if (!done) {
                    session.close();
                }
            }
        } catch (OrtStatusException e) {
            throw Failure.of("ONNX Runtime refuses program " + program.name(), e);
        }
    }

    private List<OperatorDomain> operatorsOf(OnnxModel model) {
        return operators.stream()
                .filter(domain -> model.opsets().containsKey(domain.name()))
                .toList();
    }

    /** Refuses a session that would copy numbers to the processor and back at every run. */
    static void requireOnDevice(OnnxModel model, Session session) throws OrtStatusException {
        OnnxTypes types = new OnnxTypes(model);
        Set<String> onLengths = model.graph().nodes().stream()
                .filter(types::isOnLengths)
                .map(OnnxNode::name)
                .collect(Collectors.toSet());
        List<Session.Placed> astray = session.nodesOnProcessor().stream()
                .filter(placed -> !onLengths.contains(placed.node()))
                .toList();
        if (!astray.isEmpty()) {
            throw new EngineException("program " + model.graph().name() + ": " + astray.size()
                    + " nodes would run on the processor, expected all on CUDA: " + astray);
        }
    }

    /** Where the library's functions and its environment are. */
    OrtEnv env() {
        return natives.env();
    }

    /** What was not closed yet, for reports. */
    List<String> open() {
        return ledger.names();
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this engine is closed");
        }
    }

    /** Frees what the engine holds, and whatever was not closed before; the log names it. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        List<String> left = open();
        if (!left.isEmpty()) {
            LOG.warn(
                    "{} is closed while {} things of it are open, which are closed with it: {}",
                    name(),
                    left.size(),
                    left);
        }
        try {
            ledger.closeAll();
        } finally {
            gpu.ifPresent(CudaMemory::close);
            release();
        }
    }

    private void release() {
        Collections.reverse(operators);
        operators.forEach(OperatorDomain::close);
        lanes.ifPresent(OneDnnLanes::close);
        natives.env().api().release(OrtFunction.RELEASE_MEMORY_INFO, hostInfo);
    }
}
