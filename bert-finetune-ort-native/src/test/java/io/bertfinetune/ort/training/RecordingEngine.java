package io.bertfinetune.ort.training;

import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.DistantEngine;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps every program it is given, and computes it in float32 on the processor, in memory that the host cannot reach. */
final class RecordingEngine implements Engine {
    private final Engine engine = new DistantEngine();
    private final List<Recorded> programs = new ArrayList<>();

    /** A program and the precision it was to be computed in. */
    record Recorded(Program program, Precision precision) {}

    List<Recorded> programs() {
        return List.copyOf(programs);
    }

    private Program recorded(Program program, Precision precision) {
        programs.add(new Recorded(program, precision));
        return program;
    }

    @Override
    public String name() {
        return "recording " + engine.name();
    }

    @Override
    public Device device() {
        return engine.device();
    }

    @Override
    public boolean isOnHost() {
        return engine.isOnHost();
    }

    @Override
    public Optional<String> missingFor(Precision precision) {
        return Optional.empty();
    }

    @Override
    public DeviceTensor allocate(DataType type, long... shape) {
        return engine.allocate(type, shape);
    }

    @Override
    public DeviceTensor allocateOnHost(DataType type, long... shape) {
        return engine.allocateOnHost(type, shape);
    }

    @Override
    public Executable compile(Program program) {
        return engine.compile(recorded(program, Precision.FLOAT32));
    }

    @Override
    public Executable compile(Program program, Precision precision) {
        return engine.compile(recorded(program, precision));
    }

    @Override
    public Executable compileForPieces(Program program) {
        return engine.compileForPieces(recorded(program, Precision.FLOAT32));
    }

    @Override
    public void close() {
        engine.close();
    }
}
