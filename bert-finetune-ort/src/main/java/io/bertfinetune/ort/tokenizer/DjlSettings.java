package io.bertfinetune.ort.tokenizer;

/**
 * The system properties that keep Deep Java Library off the network; set only where neither an environment variable
 * nor a system property of the name is there, so that a user's own choice stands.
 */
final class DjlSettings {
    private DjlSettings() {}

    static void keepOffline() {
        setIfAbsent("OPT_OUT_TRACKING", "true"); // else: instance metadata, then a telemetry address
        setIfAbsent("RUST_FLAVOR", "cpu"); // else, with a GPU: a download instead of the library in the jar
    }

    private static void setIfAbsent(String name, String value) {
        if (System.getenv(name) == null && System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
