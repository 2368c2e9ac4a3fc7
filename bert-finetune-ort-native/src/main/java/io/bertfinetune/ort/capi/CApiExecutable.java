package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.ort.engine.Arguments;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.Failure;
import io.bertfinetune.ort.graph.Program;
import java.lang.ref.Reference;
import java.util.List;
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
        bind(inputs, outputs).run();
    }

    @Override
    public Runnable bind(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
        arguments.check(inputs, outputs);
        Map<String, CApiTensor> in = own(inputs);
        Map<String, CApiTensor> out = own(outputs);
        arguments.requireApart(in, out, CApiTensor::overlaps, CApiTensor::covers);
        List<CApiTensor> inOrder = session.inOrder(in, out);
        return () -> run(inOrder);
    }

    private void run(List<CApiTensor> inOrder) {
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("program " + program.name() + " is closed");
            }
            Pointer[] values = new Pointer[inOrder.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = inOrder.get(i).value();
            }
            session.run(values);
        } catch (OrtStatusException e) {
            throw Failure.of("program " + program.name() + " failed", e);
        } finally {
            lifetime.readLock().unlock();
            Reference.reachabilityFence(inOrder);
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
                session.close();
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
