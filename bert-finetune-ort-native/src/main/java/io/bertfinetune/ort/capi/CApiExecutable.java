package io.bertfinetune.ort.capi;

import io.bertfinetune.ort.engine.Arguments;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.Failure;
import io.bertfinetune.ort.graph.Program;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A program and what computes it, which reads inputs and writes outputs where they are. */
final class CApiExecutable implements Executable, Ledger.Resource {
    private final Program program;
    private final Arguments arguments;
    private final CApiEngine engine;
    private final Computation computation;
    private final Ledger ledger;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    CApiExecutable(Program program, CApiEngine engine, Computation computation, Ledger ledger) {
        this.program = program;
        this.arguments = new Arguments(program);
        this.engine = engine;
        this.computation = computation;
        this.ledger = ledger;
    }

    @Override
    public void run(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
        bind(inputs, outputs).run();
    }

    @Override
    public Runnable bind(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
        arguments.check(inputs, outputs);
        Map<String, CApiTensor> in = own(inputs);
        Map<String, CApiTensor> out = own(outputs);
        arguments.requireApart(in, out, CApiTensor::overlaps, CApiTensor::covers);
        Computation.Run run = computation.bind(in, out);
        return () -> run(run);
    }

    private void run(Computation.Run run) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("program " + program.name() + " is closed");
            }
            run.run();
        } catch (OrtStatusException | OneDnn.OneDnnException e) {
            throw Failure.of("program " + program.name() + " failed", e);
        } finally {
            lifetime.readLock().unlock();
            Reference.reachabilityFence(run);
        }
    }

    private Map<String, CApiTensor> own(Map<String, DeviceTensor> tensors) {
        Map<String, CApiTensor> own = arguments.ofKind(CApiTensor.class, tensors);
        own.forEach((name, tensor) -> {
            if (tensor.engine() != engine) {
                throw new IllegalArgumentException(
                        "program " + program.name() + ": tensor " + name + " belongs to another engine");
            }
        });
        return own;
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                ledger.strikeOut(this);
                computation.close();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
