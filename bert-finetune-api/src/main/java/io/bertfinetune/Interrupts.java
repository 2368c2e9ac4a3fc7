package io.bertfinetune;

import io.bertfinetune.error.BertFineTuneException;

/** How a run ends when its thread is interrupted. */
final class Interrupts {
    private Interrupts() {}

    /** Ends what the thread does if it was interrupted; the interrupt stays set. */
    static void check(String what) {
        if (Thread.currentThread().isInterrupted()) {
            throw new BertFineTuneException(what + " was interrupted");
        }
    }
}
