package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Row;
import io.bertfinetune.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {
    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static List<List<String>> cells(IndexedDataset<Row> rows) {
        return rows.stream().map(row -> List.copyOf(row.cells().values())).toList();
    }

    @Test
    void aCsvFileNamesItsColumns() throws IOException {
        var rows = new TableFile("", List.of()).read(file("a.csv", "text,label\n\"one, two\",x\n"));

        assertThat(rows.get(0).cells()).containsExactly(entry("text", "one, two"), entry("label", "x"));
    }

    @Test
    void aTsvFileHasTabsAndNoQuotes() throws IOException {
        var rows = new TableFile("", List.of("source", "text")).read(file("a.tsv", "s\t\"one\ns\ttwo\"\n"));

        assertThat(cells(rows)).containsExactly(List.of("s", "\"one"), List.of("s", "two\""));
    }

    @Test
    void theDelimiterCanBeSaid() throws IOException {
        List<String> columns = List.of("text", "label");

        assertThat(cells(new TableFile("semicolon", columns).read(file("a.txt", "one, two;x"))))
                .containsExactly(List.of("one, two", "x"));
        assertThat(cells(new TableFile("tab", columns).read(file("b.csv", "one\tx"))))
                .containsExactly(List.of("one", "x"));
        assertThat(cells(new TableFile("comma", columns).read(file("c.tsv", "one,x"))))
                .containsExactly(List.of("one", "x"));
    }

    @Test
    void aLineIsCutAtItsFirstSpaceOnly() throws IOException {
        var table = new TableFile("first-space", List.of("label", "sentence"));

        var rows = table.read(file("sst.train", "1 a \"stirring\" , funny\tfilm\n0 no movement\n"));

        assertThat(cells(rows))
                .containsExactly(List.of("1", "a \"stirring\" , funny\tfilm"), List.of("0", "no movement"));
    }

    @Test
    void aLineWithoutASpaceIsShown() throws IOException {
        var table = new TableFile("first-space", List.of("label", "sentence"));
        Path file = file("sst.train", "1 good\nbad\n");

        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> cells(table.read(file)))
                .withMessage(file + ":2: no space, expected one between label and sentence");
    }

    @Test
    void firstSpaceNeedsTwoNames() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new TableFile("first-space", List.of()))
                .withMessageContaining("--column_names has 0 names; expected two");
    }

    @Test
    void anUnknownDelimiterIsRefused() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new TableFile("pipe", List.of()))
                .withMessage("--delimiter is 'pipe', expected comma, tab, semicolon or first-space");
    }

    @Test
    void jsonIsRefused() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> new TableFile("", List.of()).read(Path.of("a.json")))
                .withMessage("a.json: JSON is not read here; expected a .csv or .tsv file");
    }
}
