package io.bertfinetune;

import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to SIGTERM until it is closed; the last one closed lets the signal do what it would have done. Not a shutdown
 * hook: when those run, ONNX Runtime's own has already begun to free what a step in progress reads.
 */
final class Sigterm implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);
    private static final Set<Sigterm> LISTENING = new HashSet<>();

    /** How long whoever had the signal before has to end the JVM before this thread goes on. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static @Nullable Object before;
    private static boolean pending;

    private volatile boolean heard;

    private Sigterm() {}

    /** One that hears nothing. */
    static Sigterm ignored() {
        return new Sigterm();
    }

    /**
     * Listens from now on.
     *
     * @throws IllegalStateException if the JVM keeps the signal to itself
     */
    static Sigterm listen() {
        synchronized (LISTENING) {
            if (LISTENING.isEmpty()) {
                try {
                    before = Signals.onTerm(Sigterm::hear);
                } catch (IllegalArgumentException e) {
                    throw new IllegalStateException(
                            "enableJitCheckpoint(true): this JVM does not hand on SIGTERM, as with -Xrs: "
                                    + e.getMessage(),
                            e);
                }
            }
            Sigterm listener = new Sigterm();
            listener.heard = pending; // by those who listen already: the JVM is about to end
            LISTENING.add(listener);
            return listener;
        }
    }

    private static void hear() {
        log.warn("SIGTERM: finishing the step, then saving a checkpoint");
        synchronized (LISTENING) {
            pending = true;
            LISTENING.forEach(listener -> listener.heard = true);
        }
    }

    /** Whether the signal came. */
    boolean isHeard() {
        return heard;
    }

    @Override
    public void close() {
        synchronized (LISTENING) {
            if (!LISTENING.remove(this) || !LISTENING.isEmpty()) {
                return;
            }
            if (before != null) {
                Signals.giveTermBack(before);
            }
            before = null;
            if (!pending) {
                return;
            }
            pending = false;
            Signals.raiseTerm();
        }
        // The signal is handled on another thread. Did main end before, the JVM's exit status would be that of an
        // error.
        Uninterruptibles.sleepUninterruptibly(PATIENCE);
    }
}
