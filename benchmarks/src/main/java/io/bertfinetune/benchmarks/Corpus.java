package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The labelled sentences that sides read. */
enum Corpus {
    /** Warstadt et al.: source, label, mark and sentence with tabs between. */
    COLA("CoLA", "cola/in_domain_train.tsv", "cola/in_domain_dev.tsv", line -> {
        String[] cells = line.split("\t", 4);
        return new Sentence(cells[3], cells[1]);
    }),
    /** The sentences of the Stanford Sentiment Treebank with two labels: a label, a space, and the sentence. */
    SST2("SST-2", "sst2/stsa.binary.train", "sst2/stsa.binary.dev", line -> {
        String[] cells = line.split(" ", 2);
        return new Sentence(cells[1], cells[0]);
    });

    private static final int SHORTEST = 3;
    private static final int LONGEST = 40;

    private final String title;
    private final String train;
    private final String dev;
    private final Function<String, Sentence> reader;

    Corpus(String title, String train, String dev, Function<String, Sentence> reader) {
        this.title = title;
        this.train = train;
        this.dev = dev;
        this.reader = reader;
    }

    /** The corpus of this name, in small letters. */
    static Corpus of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("corpora has '" + name + "', expected some of "
                        + Arrays.stream(values()).map(Corpus::key).collect(Collectors.joining(","))));
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What people call it. */
    String title() {
        return title;
    }

    /** The sentences to learn from. */
    List<Sentence> train(Path data) throws IOException {
        return read(data.resolve(train));
    }

    /** The sentences to be evaluated on. */
    List<Sentence> dev(Path data) throws IOException {
        return read(data.resolve(dev));
    }

    private List<Sentence> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "data has no file " + file + ", expected a folder with " + train + " and " + dev);
        }
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank())
                .map(reader)
                .toList();
    }

    /** The first sentences of SST-2 where they are there, else as many made of words of the vocabulary. */
    static List<String> texts(Path data, Path vocabulary, int count) throws IOException {
        Turns.requirePositive("texts", count);
        List<String> real = new ArrayList<>();
        if (Files.isRegularFile(data.resolve(SST2.train))) {
            SST2.train(data).stream().limit(count).map(Sentence::text).forEach(real::add);
        }
        List<String> words = Files.readAllLines(vocabulary).stream()
                .filter(word -> Character.isLetter(word.codePointAt(0)))
                .toList();
        SplittableRandom random = new SplittableRandom(1);
        IntStream.range(real.size(), count)
                .mapToObj(i -> random.ints(random.nextInt(SHORTEST, LONGEST), 0, words.size())
                        .mapToObj(words::get)
                        .collect(Collectors.joining(" ")))
                .forEach(real::add);
        return real;
    }

    /**
     * A sentence.
     *
     * @param text the sentence
     * @param label 0 or 1
     */
    record Sentence(String text, String label) {
        /** A row of a CSV file. */
        String csv() {
            return '"' + text.replace("\"", "\"\"") + "\"," + label;
        }
    }

    /** Writes a CSV file with the header {@code sentence,label}. */
    static void write(List<Sentence> sentences, Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of("sentence,label"));
        sentences.forEach(sentence -> lines.add(sentence.csv()));
        Files.write(file, lines);
    }
}
