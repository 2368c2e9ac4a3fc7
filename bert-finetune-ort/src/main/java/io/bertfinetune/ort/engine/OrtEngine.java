package io.bertfinetune.ort.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.lowering.AliasRule;
import io.bertfinetune.ort.lowering.CpuLowering;
import io.bertfinetune.ort.lowering.Lowering;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxWriter;
import java.util.Optional;

/** ONNX Runtime on the processor, through its official Java API. Numbers live in native memory and are never copied. */
public final class OrtEngine implements Engine {
    private final OrtEnvironment environment;
    private final Lowering lowering;
    private final int threads;

    private OrtEngine(OrtEnvironment environment, Lowering lowering, int threads) {
        this.environment = environment;
        this.lowering = lowering;
        this.threads = threads;
    }

    /**
     * An engine with a thread for each core and every pass of the lowering on.
     *
     * @return the engine; the caller closes it
     */
    public static OrtEngine cpu() {
        return cpu(CpuLowering.standard(), Runtime.getRuntime().availableProcessors());
    }

    /**
     * An engine with this lowering and as many threads.
     *
     * @param lowering how programs become ONNX models
     * @param threads how many threads compute, 1 or more
     * @return the engine; the caller closes it
     * @throws EngineException if ONNX Runtime's native library cannot be loaded here
     */
    public static OrtEngine cpu(Lowering lowering, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + ", expected at least 1");
        }
        try {
            return new OrtEngine(OrtEnvironment.getEnvironment(), lowering, threads);
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError | RuntimeException e) {
            throw new EngineException(
                    "ONNX Runtime's native library does not load on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": " + e
                            + "; its official build supports Linux x64 and aarch64 (glibc), Windows x64 and macOS arm64",
                    e);
        }
    }

    @Override
    public String name() {
        return "ONNX Runtime " + environment.getVersion() + " on " + threads + " threads";
    }

    /** Float32 alone; where a provider's engine has more, it is that one's to say what it lacks here. */
    @Override
    public Optional<String> missingFor(Precision precision) {
        return EngineProvider.missing(device(), precision).or(() -> Engine.super.missingFor(precision));
    }

    @Override
    public DeviceTensor allocate(DataType type, long... shape) {
        return HostTensor.allocate(type, shape);
    }

    @Override
    public Executable compile(Program program) {
        return compile(program, threads);
    }

    @Override
    public Executable compileForPieces(Program program) {
        return compile(program, 1);
    }

    private Executable compile(Program program, int intraOpThreads) {
        OnnxModel model = lowering.lower(program);
        AliasRule.of(model).check(program.overwrites());
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(intraOpThreads);
            options.setInterOpNumThreads(1);
            // A plan of a run's memory is a block of its own beside what the first run took, and no faster.
            options.setMemoryPatternOptimization(false);
            // Between runs the cores belong to masks, norms and the optimizer, not to threads that spin for the next
            // run.
            options.addConfigEntry("session.force_spinning_stop", "1");
            OrtSession session = environment.createSession(OnnxWriter.toBytes(model), options);
            return new OrtExecutable(program, environment, session);
        } catch (OrtException e) {
            throw Failure.of("ONNX Runtime refuses program " + program.name(), e);
        }
    }

    @Override
    public void close() {
        // ONNX Runtime's environment belongs to the process.
    }
}
