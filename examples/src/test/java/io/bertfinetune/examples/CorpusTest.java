package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Example;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    @TempDir
    private Path folder;

    @Test
    void tablesAreTakenAsTheyAre() {
        Corpus corpus = Corpus.read(SmallMails.in(folder));

        assertThat(corpus.train().count()).isEqualTo(SmallMails.TRAIN);
        assertThat(corpus.validation().count()).isEqualTo(SmallMails.VALIDATION);
        assertThat(corpus.test().count()).isEqualTo(SmallMails.TEST);
    }

    @Test
    void ofColaATenthOfTheTrainingFileIsHeldOut() throws IOException {
        Files.writeString(
                folder.resolve("in_domain_train.tsv"),
                IntStream.range(0, 20)
                        .mapToObj(i -> "gj04\t" + i % 2 + "\t" + (i % 2 == 0 ? "*" : "") + "\tSentence " + i + ".\n")
                        .collect(Collectors.joining()));
        Files.writeString(folder.resolve("out_of_domain_dev.tsv"), "clc95\t1\t\tThe \"other\" sentence.\n");

        Corpus corpus = Corpus.read(folder);

        assertThat(corpus.train().count()).isEqualTo(18);
        assertThat(corpus.validation().count()).isEqualTo(2);
        assertThat(corpus.test().stream()).containsExactly(Example.of(Text.of("The \"other\" sentence."), "1"));
    }
}
