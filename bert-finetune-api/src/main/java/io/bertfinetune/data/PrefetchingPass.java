package io.bertfinetune.data;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A pass that makes batches ahead on a thread of its own, which lives from the first look at the batches to the last
 * batch or {@link #close}.
 */
final class PrefetchingPass<E> extends ReadOncePass<E> {
    private final BatchMaker<E> maker;
    private final BlockingQueue<Made<E>> made;
    private final Thread thread;
    private @Nullable Made<E> last;

    /** What comes over from the thread. */
    private sealed interface Made<E> {}

    private record Ready<E>(Batch<E> batch) implements Made<E> {}

    private record Failed<E>(Throwable cause) implements Made<E> {}

    private record End<E>() implements Made<E> {}

    PrefetchingPass(BatchMaker<E> maker, int batches) {
        this.maker = maker;
        this.made = new ArrayBlockingQueue<>(batches);
        this.thread = new Thread(this::makeBatches, "bert-finetune-data");
        thread.setDaemon(true);
    }

    @Override
    void begin() {
        thread.start();
    }

    @Override
    Optional<Batch<E>> nextBatch() {
        Made<E> current = last;
        if (current == null || current instanceof Ready) {
            current = take();
            last = current;
        }
        if (current instanceof Failed<E> failed) {
            throw PrefetchingPass.<RuntimeException>unchanged(failed.cause());
        }
        return current instanceof Ready<E> ready ? Optional.of(ready.batch()) : Optional.empty();
    }

    /** Waits for the thread. An interrupt is handed on to it, as if the batch were made here, and stays set. */
    private Made<E> take() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return made.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                    interruptThread();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Puts at most one thing after each look at {@link #isClosed}, for which {@link #end} makes room. */
    private void makeBatches() {
        try {
            while (!isClosed()) {
                Optional<Batch<E>> batch = maker.next();
                if (batch.isEmpty()) {
                    maker.close();
                    put(new End<>());
                    return;
                }
                put(new Ready<>(batch.get()));
            }
        } catch (Throwable e) { // Errors too belong to whoever reads the batches
            if (!isClosed()) {
                put(new Failed<>(e));
            }
        }
    }

    private void put(Made<E> item) {
        Uninterruptibles.putUninterruptibly(made, item);
    }

    private void interruptThread() {
        if (maker.isInterruptible()) {
            thread.interrupt();
        }
    }

    @Override
    void end() {
        made.clear();
        interruptThread();
        Uninterruptibles.joinUninterruptibly(thread);
        made.clear();
        put(new End<>()); // wakes a reader that waits
        maker.close();
    }

    /** The exception as it was thrown, checked or not; the compiler is told it is unchecked. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchanged(Throwable cause) throws T {
        throw (T) cause;
    }
}
