package io.bertfinetune.ort.training;

import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.weights.SafeTensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The file {@code optimizer.safetensors} of a checkpoint: the optimizer's states as {@code <parameter>.<state>}, and in
 * its metadata how far the session is.
 *
 * @param steps how many optimizer steps were made
 * @param passes how many passes forward were made, which is where dropout stands
 */
record SessionFile(long steps, long passes) {
    private static final String FORMAT_VERSION = "1";

    /** Writes the file. */
    void write(Path file, String optimizer, Map<String, DeviceTensor> states) {
        Map<String, SafeTensors.Source> tensors = new LinkedHashMap<>();
        states.forEach((name, state) ->
                tensors.put(name, new SafeTensors.Source(state.shape(), () -> ParameterStore.numbers(state))));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format_version", FORMAT_VERSION);
        metadata.put("optimizer", optimizer);
        metadata.put("steps", Long.toString(steps));
        metadata.put("passes", Long.toString(passes));
        SafeTensors.write(file, tensors, metadata);
    }

    /**
     * Reads the file into the states. Names and shapes are checked before the first number is copied.
     *
     * @throws CheckpointException if the file cannot be read, is of another version, or has other states
     */
    static SessionFile read(Path file, String optimizer, Map<String, DeviceTensor> states) {
        try (SafeTensors tensors = SafeTensors.open(file)) {
            String version = tensors.metadata().getOrDefault("format_version", "not said");
            if (!version.equals(FORMAT_VERSION)) {
                throw new CheckpointException(file + ": format_version is " + version + ", expected " + FORMAT_VERSION
                        + "; it was written by another version of this library");
            }
            SessionFile read = new SessionFile(count(file, tensors, "steps"), count(file, tensors, "passes"));
            requireSame(file, tensors, optimizer, states);
            states.forEach((name, state) -> state.write(bytes -> tensors.copy(name, bytes.asFloatBuffer())));
            return read;
        } catch (ModelFormatException e) {
            throw new CheckpointException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireSame(
            Path file, SafeTensors tensors, String optimizer, Map<String, DeviceTensor> states) {
        TreeSet<String> missing = new TreeSet<>(states.keySet());
        missing.removeAll(tensors.names());
        TreeSet<String> extra = new TreeSet<>(tensors.names());
        extra.removeAll(states.keySet());
        if (!missing.isEmpty() || !extra.isEmpty()) {
            throw new CheckpointException(file + " does not fit the optimizer " + optimizer + ": "
                    + (missing.isEmpty() ? "" : missing.size() + " tensors are missing, " + missing.first() + " first")
                    + (missing.isEmpty() || extra.isEmpty() ? "" : "; ")
                    + (extra.isEmpty() ? "" : extra.size() + " are not its own, " + extra.first() + " first")
                    + "; it was written for "
                    + tensors.metadata().getOrDefault("optimizer", "an optimizer it does not name"));
        }
        states.forEach((name, state) -> {
            if (!tensors.shape(name).equals(state.shape())
                    || !tensors.dtype(name).equals("F32")) {
                throw new CheckpointException(file + ": tensor " + name + " is " + tensors.dtype(name)
                        + tensors.shape(name) + ", expected F32" + state.shape());
            }
        });
    }

    private static long count(Path file, SafeTensors tensors, String key) {
        String text = tensors.metadata().getOrDefault(key, "not said");
        if (!text.matches("\\d{1,18}")) {
            throw new CheckpointException(file + ": " + key + " is " + text + ", expected a whole number from 0");
        }
        return Long.parseLong(text);
    }
}
