package io.bertfinetune.ort.training;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work on files that an interrupt must not tear in two. A file channel closes under a thread that is interrupted, so the
 * work has a thread of its own, which nobody else knows.
 */
final class Undisturbed {
    private Undisturbed() {}

    /** Does the work and returns when it is done; an interrupt is kept for the caller. */
    static void run(Runnable work) {
        FutureTask<Void> task = new FutureTask<>(work, null);
        Thread thread = new Thread(task, "bert-finetune-files");
        thread.setDaemon(true);
        thread.start();
        try {
            Uninterruptibles.getUninterruptibly(task);
        } catch (ExecutionException e) {
            Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
            throw new AssertionError("the work throws no checked exception", e);
        }
    }
}
