package io.bertfinetune.ort.training;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** An engine that remembers what it made, and fails when it is told to. */
final class WatchedEngine implements Engine {
    private final Engine engine;
    private final List<DeviceTensor> tensors = new ArrayList<>();
    private final List<Compiled> programs = new ArrayList<>();
    private Predicate<String> refused = name -> false;
    private int callsLeft = Integer.MAX_VALUE;
    private boolean closesBadly;

    /** A program that was compiled. */
    record Compiled(String name, Precision precision, List<Shape> outputs, boolean[] isOpen) {}

    WatchedEngine(Engine engine) {
        this.engine = engine;
    }

    /** After so many tensors and programs there will be no more. */
    void failAfter(int calls) {
        callsLeft = calls;
    }

    /** No program will be compiled whose name is so. */
    void refuse(Predicate<String> names) {
        refused = names;
    }

    /** Closing a program will fail. */
    void closeBadly(boolean badly) {
        closesBadly = badly;
    }

    /** How many tensors and programs are open. */
    long open() {
        return tensors.stream().filter(WatchedEngine::isOpen).count()
                + programs.stream().filter(each -> each.isOpen()[0]).count();
    }

    /** The programs compiled so far, the last one last. */
    List<Compiled> programs() {
        return programs;
    }

    private static boolean isOpen(DeviceTensor tensor) {
        try {
            tensor.read(bytes -> {});
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private void call() {
        if (callsLeft-- <= 0) {
            throw new EngineException("this engine has failed");
        }
    }

    @Override
    public String name() {
        return "watched " + engine.name();
    }

    @Override
    public boolean isOnHost() {
        return engine.isOnHost();
    }

    @Override
    public Optional<String> missingFor(Precision precision) {
        return engine.missingFor(precision);
    }

    @Override
    public DeviceTensor allocate(DataType type, long... shape) {
        call();
        return kept(engine.allocate(type, shape));
    }

    @Override
    public DeviceTensor allocateOnHost(DataType type, long... shape) {
        call();
        return kept(engine.allocateOnHost(type, shape));
    }

    private DeviceTensor kept(DeviceTensor tensor) {
        tensors.add(tensor);
        return tensor;
    }

    @Override
    public Executable compile(Program program) {
        return compile(program, Precision.FLOAT32);
    }

    @Override
    public Executable compile(Program program, Precision precision) {
        call();
        refuse(program);
        return kept(program, precision, engine.compile(program, precision));
    }

    @Override
    public Executable compileForPieces(Program program) {
        call();
        return kept(program, Precision.FLOAT32, engine.compileForPieces(program));
    }

    private void refuse(Program program) {
        if (refused.test(program.name())) {
            throw new EngineException("program " + program.name() + " is refused");
        }
    }

    private Executable kept(Program program, Precision precision, Executable executable) {
        boolean[] isOpen = {true};
        programs.add(new Compiled(
                program.name(),
                precision,
                program.outputs().values().stream().map(Value::shape).toList(),
                isOpen));
        return new Executable() {
            @Override
            public void run(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
                executable.run(inputs, outputs);
            }

            @Override
            public void close() {
                executable.close();
                isOpen[0] = false;
                if (closesBadly) {
                    throw new EngineException("program " + program.name() + " does not close");
                }
            }
        };
    }

    @Override
    public void close() {
        engine.close();
    }
}
