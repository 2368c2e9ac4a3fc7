package io.bertfinetune.ort.training;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** A few threads that share out numbered pieces of work with the caller's. */
final class Workers implements AutoCloseable {
    private final int threads;
    private final ExecutorService others;

    Workers(int threads) {
        this.threads = threads;
        this.others = Executors.newFixedThreadPool(Math.max(1, threads - 1), work -> {
            Thread thread = new Thread(work, "bert-finetune-worker");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does pieces 0 to before {@code count}, each once, in any order, and returns when all are done. */
    void forEach(int count, IntConsumer piece) {
        AtomicInteger next = new AtomicInteger();
        Runnable share = () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                piece.accept(i);
            }
        };
        List<Future<?>> running = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, count); i++) {
            running.add(others.submit(share));
        }
        RuntimeException failure = null;
        try {
            share.run();
        } catch (RuntimeException e) {
            next.set(count);
            failure = e;
        }
        for (Future<?> future : running) {
            failure = await(future, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Waits to the end even when interrupted: a piece may be writing native memory. */
    private static @org.jspecify.annotations.Nullable RuntimeException await(
            Future<?> future, @org.jspecify.annotations.Nullable RuntimeException failure) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get();
                    return failure;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (failure != null) {
                        return failure;
                    }
                    return e.getCause() instanceof RuntimeException cause
                            ? cause
                            : new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}
