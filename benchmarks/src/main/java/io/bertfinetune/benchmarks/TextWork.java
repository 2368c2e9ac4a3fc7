package io.bertfinetune.benchmarks;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Work on texts that all sides are given: beside a model, {@code work.json} and {@code texts.json}.
 *
 * @param threads how many threads compute
 * @param maxLength how many tokens of a text are read
 * @param batch how many texts are treated at once
 * @param learningRate the learning rate, where there is training
 * @param maxGradNorm what gradients are clipped to, where there is training
 * @param seed of whatever is random
 */
record TextWork(int threads, int maxLength, int batch, double learningRate, double maxGradNorm, long seed) {
    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .create();

    /** Checks the ranges. */
    TextWork {
        Turns.requirePositive("threads", threads);
        Turns.requirePositive("max-length", maxLength);
        Turns.requirePositive("batch", batch);
    }

    /** With a learning rate of 2e-5, clipping to 1 and seed 42. */
    static TextWork of(int threads, int maxLength, int batch) {
        return new TextWork(threads, maxLength, batch, 2e-5, 1, 42);
    }

    static TextWork read(Path folder) {
        return GSON.fromJson(text(folder.resolve("work.json")), TextWork.class);
    }

    static List<String> readTexts(Path folder) {
        return List.of(GSON.fromJson(text(folder.resolve("texts.json")), String[].class));
    }

    void writeTo(Path folder, List<String> texts) throws IOException {
        Files.writeString(folder.resolve("work.json"), GSON.toJson(this));
        writeTexts(folder, texts);
    }

    /** Lays texts beside work of another kind. */
    static void writeTexts(Path folder, List<String> texts) throws IOException {
        Files.writeString(folder.resolve("texts.json"), GSON.toJson(texts));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
