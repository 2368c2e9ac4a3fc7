package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bertfinetune.error.DataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormatTest {
    @TempDir
    Path folder;

    private Path file(String text) {
        return file(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(byte[] bytes) {
        try {
            return Files.write(folder.resolve("mails.csv"), bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Row> read(CsvFormat format, Path file) {
        try (Stream<Row> rows = format.open(file)) {
            return rows.toList();
        }
    }

    private static List<Map<String, String>> cells(CsvFormat format, Path file) {
        return read(format, file).stream().map(Row::cells).toList();
    }

    private void assertRefused(CsvFormat format, Path file, String... parts) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> read(format, file))
                .withMessageContainingAll(parts)
                .withMessageStartingWith(file.toString());
    }

    @Test
    void quotedCellsHoldDelimitersQuotesAndLineBreaks() {
        Path file = file("text,label\n\"a, \"\"b\"\"\",x\n\"two\nlines\",y\nlast,z");

        assertThat(cells(CsvFormat.CSV, file))
                .containsExactly(
                        Map.of("text", "a, \"b\"", "label", "x"),
                        Map.of("text", "two\nlines", "label", "y"),
                        Map.of("text", "last", "label", "z"));
    }

    @ParameterizedTest
    @ValueSource(chars = {'#', ';', '|', ' '})
    void anyCharacterMayDelimit(char delimiter) {
        Path file = file("text" + delimiter + "label\nhello" + delimiter + "x\n");

        assertThat(cells(CsvFormat.CSV.delimiter(delimiter), file))
                .containsExactly(Map.of("text", "hello", "label", "x"));
    }

    @Test
    void rowsKnowTheirFileAndLineAndColumnsTheirOrder() {
        Path file = file("text,label\n\"two\nlines\",y\n\n\nlast,z\n");

        List<Row> rows = read(CsvFormat.CSV, file);

        assertThat(rows).extracting(Row::line).containsExactly(2L, 6L);
        assertThat(rows).extracting(Row::file).containsOnly(file.toString());
        assertThat(rows.get(0).cells().keySet()).containsExactly("text", "label");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void everyKindOfLineEndsIsRead(String end) {
        Path file = file(String.join(end, "text,label", "a,x", "", "b,y", ""));

        assertThat(cells(CsvFormat.CSV, file))
                .containsExactly(Map.of("text", "a", "label", "x"), Map.of("text", "b", "label", "y"));
        assertThat(read(CsvFormat.CSV, file)).extracting(Row::line).containsExactly(2L, 4L);
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        Path file = file("\uFEFFtext,label\na,x\n");

        assertThat(cells(CsvFormat.CSV, file)).containsExactly(Map.of("text", "a", "label", "x"));
    }

    @Test
    void aByteOrderMarkBeforeAQuoteIsSkipped() {
        assertThat(cells(CsvFormat.CSV, file("\uFEFF\"text\"\na\n"))).containsExactly(Map.of("text", "a"));
    }

    @Test
    void emptyCellsAreEmptyText() {
        Path file = file("text,label\n,\n\"\",x\n");

        assertThat(cells(CsvFormat.CSV, file))
                .containsExactly(Map.of("text", "", "label", ""), Map.of("text", "", "label", "x"));
    }

    @Test
    void quotesMeanNothingBetweenTabs() {
        Path file = file("text\tlabel\n\"a\tx\n\"b\"\t\"\n");

        assertThat(cells(CsvFormat.TSV, file))
                .containsExactly(Map.of("text", "\"a", "label", "x"), Map.of("text", "\"b\"", "label", "\""));
    }

    @Test
    void columnsAreNamedWhereTheFileDoesNot() {
        Path file = file("a,x\nb,y\n");

        assertThat(cells(CsvFormat.CSV.columns("text", "label"), file))
                .containsExactly(Map.of("text", "a", "label", "x"), Map.of("text", "b", "label", "y"));
    }

    @Test
    void delimiterAndCharsetAreOnesOwn() {
        Path file = file("text;label\ncaf\u00e9;x,y\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(cells(CsvFormat.CSV.delimiter(';').charset(StandardCharsets.ISO_8859_1), file))
                .containsExactly(Map.of("text", "caf\u00e9", "label", "x,y"));
    }

    @Test
    void charactersOutsideTheBasicPlaneSurviveTheEdgesOfBuffers() {
        String text = "x" + "\uD83D\uDE00\u00e9".repeat(60_000);

        assertThat(cells(CsvFormat.CSV, file("text\n" + text + "\n"))).containsExactly(Map.of("text", text));
    }

    @Test
    void anUnclosedQuoteIsRefused() {
        assertRefused(CsvFormat.CSV, file("text,label\na,x\n\"b,y\nc,z\n"), "Unclosed", "line 3");
    }

    @Test
    void textAfterAClosingQuoteIsRefused() {
        assertRefused(CsvFormat.CSV, file("text,label\n\"a\"b,x\n"), "closing quote", "line 2");
    }

    @Test
    void anExtraCellIsRefused() {
        assertRefused(
                CsvFormat.CSV, file("text,label\na,x\nb, c,y\n"), ":3: 3 fields, expected 2: [text, label]", "quotes");
    }

    @Test
    void aMissingCellIsRefused() {
        assertRefused(CsvFormat.TSV, file("text\tlabel\na\n"), ":2: 1 field, expected 2: [text, label]");
    }

    @Test
    void rowsBeforeABadOneAreReadInAStream() {
        try (Stream<Row> rows = CsvFormat.CSV.open(file("text,label\na,x\nb\n"))) {
            assertThat(rows.findFirst().orElseThrow().get("text")).isEqualTo("a");
        }
    }

    @Test
    void twoColumnsOfOneNameAreRefused() {
        assertRefused(CsvFormat.CSV, file("\ntext,label,text\n"), ":2: column 'text' comes twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvFormat.CSV.columns("text", "label", "text"))
                .withMessageContaining("twice");
    }

    @ParameterizedTest
    @CsvSource({"'a,x\n', 3", "'a,x\r\n', 3", "'a,x\r', 3", "'', 2"})
    void bytesThatAreNoTextAreRefusedWithTheirLine(String before, int line) {
        byte[] head = ("text,label\n" + before + "caf").getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(head, head.length + 1);
        bytes[head.length] = (byte) 0xE9;

        assertRefused(CsvFormat.CSV, file(bytes), ":" + line + ": byte 0xE9 is not UTF-8", "CsvFormat.charset");
    }

    @Test
    void aCharacterCutOffAtTheEndIsRefused() {
        assertRefused(CsvFormat.CSV, file(new byte[] {'a', '\n', (byte) 0xF0, (byte) 0x9F}), ":2: byte 0xF0");
    }

    @Test
    void aNonCharacterIsRefused() {
        assertRefused(CsvFormat.TSV, file("text\n\uFFFFa\uFFFF\n"), ":2: holds U+FFFF");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n\n", "\uFEFF"})
    void aFileWithoutALineIsRefused(String text) {
        assertRefused(CsvFormat.CSV, file(text), "empty", "column names");
        assertRefused(CsvFormat.CSV.columns("text"), file(text), "empty", "rows");
    }

    @Test
    void aFileWithNothingButNamesHasNoRows() {
        assertThat(read(CsvFormat.CSV, file("text,label\n"))).isEmpty();
    }

    @Test
    void aMissingFileIsRefusedWithWhereItWasLookedFor() {
        Path missing = Path.of("no-such-folder", "mails.csv");

        assertRefused(
                CsvFormat.CSV, missing, "no such file", missing.toAbsolutePath().toString());
    }

    @Test
    void aFolderIsRefused() {
        assertRefused(CsvFormat.CSV, folder, "cannot be read");
    }

    @Test
    void aLineOfAGigabyteIsRefused() throws IOException {
        Path file = file("text,label\n");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 30);
        }

        assertRefused(CsvFormat.CSV, file, "4194304", "line 2");
        assertRefused(CsvFormat.TSV.columns("text"), file, "4194304", "line 2");
    }

    @Test
    void aRowOfAGigabyteInSmallCellsIsRefused() throws IOException {
        Path file = folder.resolve("mails.csv");
        try (var out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < 1000; i++) {
                out.write("x".repeat(9_999) + ",");
            }
        }

        assertRefused(CsvFormat.CSV, file, "line 1", "max record size");
    }

    @Test
    void closingTheStreamClosesTheFile() throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        Assumptions.assumeTrue(Files.isDirectory(descriptors), "open files are counted on Linux only");
        Path file = file("text,label\na,x\nb,y\n");

        try (Stream<Row> rows = CsvFormat.CSV.open(file)) {
            assertThat(rows.findFirst()).isPresent();
            assertThat(openFiles(descriptors)).contains(file.toRealPath());
        }
        assertThat(openFiles(descriptors)).doesNotContain(file.toRealPath());

        assertRefused(CsvFormat.CSV, file("text,text\n"), "twice");
        assertThat(openFiles(descriptors)).doesNotContain(file.toRealPath());
    }

    private static List<Path> openFiles(Path descriptors) throws IOException {
        try (Stream<Path> links = Files.list(descriptors)) {
            return links.flatMap(link -> {
                        try {
                            return Stream.of(Files.readSymbolicLink(link));
                        } catch (IOException e) {
                            return Stream.empty(); // closed since it was listed
                        }
                    })
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'\n', '\r', '"', '\uFFFF'})
    void aDelimiterThatMeansSomethingElseIsRefused(char delimiter) {
        assertThatIllegalArgumentException().isThrownBy(() -> CsvFormat.CSV.delimiter(delimiter));
    }

    @Test
    void noColumnsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CsvFormat.CSV.columns());
    }

    @Test
    void sameSettingsAreEqual() {
        assertThat(CsvFormat.CSV.columns("a"))
                .isEqualTo(CsvFormat.CSV.columns("a"))
                .hasSameHashCodeAs(CsvFormat.CSV.columns("a"))
                .isNotEqualTo(CsvFormat.CSV)
                .isNotEqualTo(CsvFormat.TSV.columns("a"));
        assertThat(CsvFormat.TSV).hasToString("CsvFormat[delimiter='\\t', quoted=false, columns=[], charset=UTF-8]");
    }

    @Test
    void readsCola() {
        Path cola = Path.of("../../shared/data/cola/in_domain_train.tsv");
        Assumptions.assumeTrue(Files.exists(cola), "CoLA is not at " + cola);

        List<Row> rows = read(CsvFormat.TSV.columns("source", "label", "mark", "sentence"), cola);

        assertThat(rows).hasSize(8551);
        assertThat(rows).extracting(row -> row.get("label")).containsOnly("0", "1");
    }

    @Test
    void readsBanking77() {
        Path banking = Path.of("../../shared/data/banking77/train.csv");
        Assumptions.assumeTrue(Files.exists(banking), "Banking77 is not at " + banking);

        List<Row> rows = read(CsvFormat.CSV, banking);

        assertThat(rows).hasSize(10_003);
        assertThat(rows).extracting(row -> row.get("category")).doesNotContain("");
    }
}
