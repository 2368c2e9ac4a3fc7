package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Dataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    @TempDir
    private Path folder;

    @Test
    void sentencesGoThroughCsvAsTheyAre() throws Exception {
        Path file = folder.resolve("train.csv");

        Corpus.write(List.of(new Corpus.Sentence("He said \"so, so\".", "1")), file);

        var row = Dataset.csv(file).get(0);
        assertThat(row.get("sentence")).isEqualTo("He said \"so, so\".");
        assertThat(row.get("label")).isEqualTo("1");
    }

    @Test
    void withoutRealTextsThereAreMadeUpOnes() throws Exception {
        Path vocabulary = Files.write(folder.resolve("vocab.txt"), List.of("[PAD]", "##ing", "alpha", "beta"));

        List<String> texts = Corpus.texts(folder, vocabulary, 20);

        assertThat(texts).hasSize(20).allMatch(text -> text.matches("(alpha|beta)( (alpha|beta)){2,}"));
    }
}
