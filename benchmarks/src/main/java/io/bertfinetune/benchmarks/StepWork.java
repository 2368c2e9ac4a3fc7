package io.bertfinetune.benchmarks;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The training steps that every side takes: one folder tells them all, with the same weights, token ids and labels.
 *
 * @param model the sizes of the model
 * @param batch how many examples make a step
 * @param length how many tokens each has; there is no padding
 * @param threads how many threads compute
 * @param maxGradNorm what gradients are clipped to, as Hugging Face's {@code max_grad_norm}; 0 for not at all
 * @param learningRate the learning rate
 * @param seed of weights, tokens, labels and dropout
 */
record StepWork(
        BertSize model, int batch, int length, int threads, double maxGradNorm, double learningRate, long seed) {
    /** How many different batches there are; sides take them in turn, so that none is learned by heart. */
    static final int BATCHES = 4;

    private static final double LEARNING_RATE = 2e-5;
    private static final long SEED = 42;
    private static final String WORK = "work.json";
    private static final String BATCH_FILE = "batches.json";
    private static final Gson GSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .create();

    /** Checks the ranges. */
    StepWork {
        require("batch", batch, Integer.MAX_VALUE);
        require("length", length, model.positions());
        require("threads", threads, Integer.MAX_VALUE);
        if (!(maxGradNorm >= 0) || Double.isInfinite(maxGradNorm)) {
            throw new IllegalArgumentException(
                    "max-grad-norm is " + maxGradNorm + ", expected 0 (no clipping) or more");
        }
    }

    /** Work with this library's usual learning rate and seed. */
    static StepWork of(BertSize model, int batch, int length, int threads, double maxGradNorm) {
        return new StepWork(model, batch, length, threads, maxGradNorm, LEARNING_RATE, SEED);
    }

    /** MiniLM on 16 × 128 tokens, with all cores. */
    static StepWork ofMiniLm() {
        return of(BertSize.MINILM, 16, 128, Runtime.getRuntime().availableProcessors(), 1);
    }

    /** Reads what {@link #writeTo} wrote. */
    static StepWork read(Path folder) {
        return read(folder.resolve(WORK), StepWork.class);
    }

    /** The batches that {@link #writeTo} wrote. */
    static List<Tokens> readBatches(Path folder) {
        return List.of(read(folder.resolve(BATCH_FILE), Tokens[].class));
    }

    /** Writes a model folder, with this work and its batches beside it. */
    void writeTo(Path folder) {
        try {
            RandomBert.write(model, seed, folder);
            Files.writeString(folder.resolve(WORK), GSON.toJson(this));
            Files.writeString(folder.resolve(BATCH_FILE), GSON.toJson(batches()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Tokens> batches() {
        SplittableRandom random = new SplittableRandom(seed + 1);
        return IntStream.range(0, BATCHES)
                .mapToObj(i -> Tokens.random(this, random))
                .toList();
    }

    private static <T> T read(Path file, Class<T> type) {
        try (Reader reader = Files.newBufferedReader(file)) {
            return GSON.fromJson(reader, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", expected 1 to " + most);
        }
    }

    /**
     * The numbers of a batch.
     *
     * @param inputIds token ids, a row for each example
     * @param labels 0 or 1 for each example
     */
    record Tokens(List<List<Long>> inputIds, List<Long> labels) {
        private static Tokens random(StepWork work, SplittableRandom random) {
            return new Tokens(
                    Stream.generate(() -> numbers(random, work.length, RandomBert.firstWord(), work.model.vocabulary()))
                            .limit(work.batch)
                            .toList(),
                    numbers(random, work.batch, 0, 2));
        }

        private static List<Long> numbers(SplittableRandom random, int count, long from, long to) {
            return random.longs(count, from, to).boxed().toList();
        }
    }
}
