package io.bertfinetune.examples;

import io.bertfinetune.data.CsvFormat;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.text.Text;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A data set in three parts.
 *
 * @param train what a model learns from
 * @param validation what shows, while it learns, how well it does
 * @param test what is looked at once, in the end
 */
record Corpus(
        IndexedDataset<Example<Text, String>> train,
        IndexedDataset<Example<Text, String>> validation,
        IndexedDataset<Example<Text, String>> test) {

    /** What a folder holds: {@link #cola} or {@link #tables}. */
    static Corpus read(Path folder) {
        return Files.exists(folder.resolve("in_domain_train.tsv")) ? cola(folder) : tables(folder);
    }

    /**
     * {@code train.csv}, {@code validation.csv} and {@code test.csv}, of the columns {@code text} and {@code label}.
     */
    static Corpus tables(Path folder) {
        return new Corpus(
                table(folder.resolve("train.csv")),
                table(folder.resolve("validation.csv")),
                table(folder.resolve("test.csv")));
    }

    /**
     * CoLA, sentences that are grammatical or not (Warstadt and others, 2019), as the tutorial of McCormick and Ryan
     * (2019) cuts it: nine tenths of the training file to learn from, one tenth to validate, sentences from other books
     * to test.
     */
    static Corpus cola(Path folder) {
        var known = sentences(folder.resolve("in_domain_train.tsv")).split(0.9, 42);
        return new Corpus(known.train(), known.eval(), sentences(folder.resolve("out_of_domain_dev.tsv")));
    }

    private static IndexedDataset<Example<Text, String>> table(Path file) {
        return Dataset.csv(file).map(row -> Example.of(Text.of(row.get("text")), row.get("label")));
    }

    private static IndexedDataset<Example<Text, String>> sentences(Path file) {
        return Dataset.csv(file, CsvFormat.TSV.columns("source", "label", "mark", "sentence"))
                .map(row -> Example.of(Text.of(row.get("sentence")), row.get("label")));
    }
}
