package io.bertfinetune.ort.engine;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.ort.graph.Program;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A session of ONNX Runtime that reads its inputs and writes its outputs where they are. */
final class OrtExecutable implements Executable {
    private final Program program;
    private final Arguments arguments;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    OrtExecutable(Program program, OrtEnvironment environment, OrtSession session) {
        this.program = program;
        this.arguments = new Arguments(program);
        this.environment = environment;
        this.session = session;
    }

    @Override
    public void run(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
        bind(inputs, outputs).run();
    }

    @Override
    public Runnable bind(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
        arguments.check(inputs, outputs);
        Map<String, HostTensor> in = arguments.ofKind(HostTensor.class, inputs);
        Map<String, HostTensor> out = arguments.ofKind(HostTensor.class, outputs);
        arguments.requireApart(in, out, HostTensor::overlaps, HostTensor::covers);
        return () -> runChecked(in, out);
    }

    private void runChecked(Map<String, HostTensor> in, Map<String, HostTensor> out) {
        Map<String, OnnxTensorLike> fed = new HashMap<>();
        in.forEach((name, tensor) -> fed.put(name, tensor.onnx(environment)));
        Map<String, OnnxValue> pinned = new HashMap<>();
        out.forEach((name, tensor) -> pinned.put(name, tensor.onnx(environment)));
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("program " + program.name() + " is closed");
            }
            session.run(fed, Set.of(), pinned).close();
        } catch (OrtException e) {
            throw Failure.of("program " + program.name() + " failed", e);
        } finally {
            lifetime.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw new EngineException("closing program " + program.name() + " failed: " + e.getMessage(), e);
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
