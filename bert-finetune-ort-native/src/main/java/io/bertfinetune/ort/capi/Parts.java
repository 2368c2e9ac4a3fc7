package io.bertfinetune.ort.capi;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Shares work among the threads of ONNX Runtime that run the node. */
final class Parts {
    private final OrtApi api;
    private final int most;
    private final Step step = this::run;
    private final Pointer function;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Job> jobs = new ConcurrentHashMap<>();

    interface Step extends Callback {
        void call(@Nullable Pointer job, long part);
    }

    /** Work on the places from one to another. */
    @FunctionalInterface
    interface Work {
        void run(long from, long to) throws Exception;
    }

    private record Job(Work work, long places, long unit, int parts, AtomicReference<Throwable> failure) {}

    /** As many parts at most. */
    Parts(OrtApi api, int most) {
        this.api = api;
        this.most = most;
        // The pool's threads stay attached to the virtual machine until they end.
        Native.setCallbackThreadInitializer(step, new CallbackThreadInitializer(true, false, "onnxruntime"));
        this.function = CallbackReference.getFunctionPointer(step);
    }

    int most() {
        return most;
    }

    /**
     * Runs all of the work, and throws what a part of it throws.
     *
     * @param context of the node
     * @param places how many places there are to work on
     * @param unit how many of them are not to be parted
     */
    void share(KernelContext context, long places, long unit, Work work) throws Exception {
        long units = (places + unit - 1) / unit;
        int parts = (int) Math.min(most, units);
        if (parts <= 1) {
            work.run(0, places);
            return;
        }
        Job job = new Job(work, places, unit, parts, new AtomicReference<>());
        long id = ids.incrementAndGet();
        jobs.put(id, job);
        try {
            api.require(api.kernels()
                    .parallelFor(Pointer.nativeValue(context.handle()), Pointer.nativeValue(function), parts, 0, id));
        } finally {
            jobs.remove(id);
        }
        Throwable failure = job.failure().get();
        if (failure instanceof Exception e) {
            throw e;
        }
        if (failure != null) {
            throw (Error) failure;
        }
    }

    private void run(@Nullable Pointer id, long part) {
        Job job = jobs.get(Pointer.nativeValue(id));
        if (job == null) {
            return;
        }
        try {
            long units = (job.places() + job.unit() - 1) / job.unit();
            long from = units * part / job.parts() * job.unit();
            long to = Math.min(units * (part + 1) / job.parts() * job.unit(), job.places());
            job.work().run(from, to);
        } catch (Throwable e) {
            job.failure().compareAndSet(null, e);
        }
    }
}
