package io.bertfinetune;

import java.io.IOException;

/** The JVM that runs, as its operating system sees it. */
public final class ThisJvm {
    private ThisJvm() {}

    /** Sends this JVM a SIGTERM, which is on its way when this returns. */
    public static void terminate() {
        try {
            new ProcessBuilder(
                            "kill",
                            "-TERM",
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
