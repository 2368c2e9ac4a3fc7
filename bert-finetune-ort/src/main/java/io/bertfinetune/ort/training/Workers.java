package io.bertfinetune.ort.training;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

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

    /** How many threads there are, the caller's among them. */
    int threads() {
        return threads;
    }

    /** Does pieces 0 to before {@code count}, each once, in any order, and returns when all are done. */
    void forEach(int count, IntConsumer piece) {
        AtomicInteger next = new AtomicInteger();
        Runnable share = () -> {
            try {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    piece.accept(i);
                }
            } catch (Throwable e) {
                next.set(count); // the others stop after the piece they are at
                throw e;
            }
        };
        List<Future<?>> running = new ArrayList<>();
        Throwable failure = null;
        try {
            for (int i = 1; i < Math.min(threads, count); i++) {
                running.add(others.submit(share));
            }
            share.run();
        } catch (Throwable e) {
            next.set(count);
            failure = e;
        }
        for (Future<?> future : running) {
            failure = await(future, failure);
        }
        if (failure != null) {
            Throwables.throwIfUnchecked(failure);
            throw new AssertionError("a piece throws no checked exception", failure);
        }
    }

    /** Waits to the end even when interrupted or after a failure: a piece may be writing native memory. */
    private static @Nullable Throwable await(Future<?> future, @Nullable Throwable failure) {
        try {
            Uninterruptibles.getUninterruptibly(future);
            return failure;
        } catch (ExecutionException e) {
            return failure == null ? e.getCause() : failure;
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}
