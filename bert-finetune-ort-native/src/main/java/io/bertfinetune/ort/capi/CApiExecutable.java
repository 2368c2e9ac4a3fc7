package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.ort.engine.Arguments;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.Failure;
import io.bertfinetune.ort.graph.Program;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A session that reads its inputs and writes its outputs where they are. */
final class CApiExecutable implements Executable, Ledger.Resource {
    private final Program program;
    private final Arguments arguments;
    private final CApiEngine engine;
    private final Session session;
    private final Ledger ledger;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    CApiExecutable(Program program, CApiEngine engine, Session session, Ledger ledger) {
        this.program = program;
        this.arguments = new Arguments(program);
        this.engine = engine;
        this.session = session;
        this.ledger = ledger;
    }

    @Override
    public void run(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
        arguments.check(inputs, outputs);
        Map<String, CApiTensor> in = own(inputs);
        Map<String, CApiTensor> out = own(outputs);
        arguments.requireApart(in, out, CApiTensor::overlaps, CApiTensor::covers);
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("program " + program.name() + " is closed");
            }
            session.run(values(in), values(out));
        } catch (OrtStatusException e) {
            throw Failure.of("program " + program.name() + " failed", e);
        } finally {
            lifetime.readLock().unlock();
            Reference.reachabilityFence(in);
            Reference.reachabilityFence(out);
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

    private static Map<String, Pointer> values(Map<String, CApiTensor> tensors) {
        Map<String, Pointer> values = new HashMap<>();
        tensors.forEach((name, tensor) -> values.put(name, tensor.value()));
        return values;
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                ledger.strikeOut(this);
                session.close();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
