package io.bertfinetune.ort.capi;

import io.bertfinetune.ort.capi.OneDnn.OneDnnException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** As many lanes of oneDNN as threads compute at the same time. The library is loaded for the first of them. */
final class OneDnnLanes implements AutoCloseable {
    private final Deque<Idle> idle = new ArrayDeque<>();
    private final List<OneDnnLane> all = new ArrayList<>();

    /** A lane that nobody is in, and who was in it last. */
    private record Idle(OneDnnLane lane, Thread last) {}

    /** Something to compute in a lane. */
    @FunctionalInterface
    interface Work {
        void run(OneDnnLane lane) throws OneDnnException;
    }

    /** Computes in a lane that nobody else is in, on this thread alone. */
    void use(Work work) throws OneDnnException {
        OneDnnLane lane = take();
        try {
            lane.alone(() -> work.run(lane));
        } finally {
            synchronized (this) {
                idle.push(new Idle(lane, Thread.currentThread()));
            }
        }
    }

    /** The lane this thread was in last, if it is idle: what lies in the lane's memory is in this core's cache. */
    private synchronized OneDnnLane take() throws OneDnnException {
        Thread current = Thread.currentThread();
        for (Idle each : idle) {
            if (each.last() == current) {
                idle.remove(each);
                return each.lane();
            }
        }
        Idle any = idle.poll();
        if (any != null) {
            return any.lane();
        }
        OneDnnLane lane = OneDnnLane.open(OneDnn.load());
        all.add(lane);
        return lane;
    }

    /** Every lane that was opened. */
    synchronized List<OneDnnLane> all() {
        return List.copyOf(all);
    }

    @Override
    public synchronized void close() {
        all.forEach(OneDnnLane::close);
        all.clear();
        idle.clear();
    }
}
