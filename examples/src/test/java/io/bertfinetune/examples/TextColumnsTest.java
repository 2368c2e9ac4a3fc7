package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Row;
import io.bertfinetune.text.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextColumnsTest {
    private static Row row(String... columns) {
        Map<String, String> cells = new LinkedHashMap<>();
        for (String column : columns) {
            cells.put(column, "the " + column);
        }
        return new Row("a.csv", 2, cells);
    }

    private static IndexedDataset<Row> rows(String... columns) {
        return Dataset.of(List.of(row(columns)));
    }

    @Test
    void oneColumnIsAText() {
        assertThat(new TextColumns(List.of("a"), Optional.empty()).of(row("a", "b")))
                .isEqualTo(Text.of("the a"));
    }

    @Test
    void twoColumnsAreAPair() {
        assertThat(new TextColumns(List.of("a", "b"), Optional.empty()).of(row("a", "b")))
                .isEqualTo(Text.pair("the a", "the b"));
    }

    @Test
    void withADelimiterTwoColumnsAreJoined() {
        assertThat(new TextColumns(List.of("a", "b"), Optional.of(" | ")).of(row("a", "b")))
                .isEqualTo(Text.of("the a | the b"));
    }

    @Test
    void threeColumnsAreJoined() {
        assertThat(new TextColumns(List.of("c", "a", "b"), Optional.empty()).of(row("a", "b", "c")))
                .isEqualTo(Text.of("the c the a the b"));
    }

    @Test
    void columnsOfUsualNamesAreGuessed() {
        assertThat(TextColumns.guess(rows("id", "sentence", "label"), "label")).containsExactly("sentence");
        assertThat(TextColumns.guess(rows("id", "sentence2", "sentence1", "label"), "label"))
                .containsExactly("sentence1", "sentence2");
        assertThat(TextColumns.guess(rows("mail", "desk"), "desk")).containsExactly("mail");
    }

    @Test
    void otherColumnsMustBeNamed() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> TextColumns.guess(rows("subject", "body", "label"), "label"))
                .withMessage(
                        "which columns are the text? Name them with --text_column_names; there are [subject, body]");
    }
}
