package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest extends DatasetContract<String> {
    @TempDir
    Path folder;

    @Override
    protected Dataset<String> dataset() {
        return () -> Stream.of("a", "b", "c");
    }

    @Test
    void aStreamDoesNotKnowItsSize() {
        assertThat(dataset().size()).isEmpty();
    }

    @Test
    void changedAndFilteredStreamsCloseTheirSource() {
        AtomicInteger closed = new AtomicInteger();
        Dataset<String> data = () -> Stream.of("a", "b").onClose(closed::incrementAndGet);

        data.map(String::length).filter(length -> length > 0).stream().close();

        assertThat(closed).hasValue(1);
    }

    @Test
    void csvIsReadIntoMemory() throws IOException {
        Path file = Files.writeString(folder.resolve("mails.csv"), "text,label\na,x\nb,y\n");
        IndexedDataset<Row> rows = Dataset.csv(file);

        Files.delete(file);

        assertThat(rows.count()).isEqualTo(2);
        assertThat(rows.get(1).get("text")).isEqualTo("b");
    }

    @Test
    void otherFormatsAreNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("mails.tsv"), "a\tx\n");

        assertThat(Dataset.csv(file, CsvFormat.TSV.columns("text", "label"))
                        .get(0)
                        .get("label"))
                .isEqualTo("x");
    }
}
