package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
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
    void aStreamThatIsMappedKnowsItsSizeStill() {
        Dataset<Integer> sized = new Dataset<>() {
            @Override
            public Stream<Integer> stream() {
                return Stream.of(1, 2, 3);
            }

            @Override
            public OptionalLong size() {
                return OptionalLong.of(3);
            }
        };

        assertThat(sized.map(i -> 2 * i).size()).hasValue(3);
        assertThat(sized.map(i -> 2 * i).stream()).containsExactly(2, 4, 6);
        assertThat(sized.filter(i -> i > 1).size()).isEmpty();
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
