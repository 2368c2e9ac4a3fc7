package io.bertfinetune.examples;

import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Row;
import io.bertfinetune.text.Text;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which columns are the text. One is a text and two are a pair, as in {@code run_glue.py}; with a delimiter, or from
 * three on, they are joined to one text, as in {@code run_classification.py}.
 *
 * @param names the columns, one or more
 * @param delimiter what comes between joined columns; empty to make a pair of two
 */
record TextColumns(List<String> names, Optional<String> delimiter) {
    TextColumns {
        names = List.copyOf(names);
    }

    /**
     * The columns that are meant where none are named: {@code sentence}, or {@code sentence1} and {@code sentence2}, or
     * the only one beside the label.
     */
    static List<String> guess(IndexedDataset<Row> rows, String labelColumn) {
        List<String> columns = rows.count() == 0
                ? List.of()
                : rows.get(0).cells().keySet().stream()
                        .filter(column -> !column.equals(labelColumn))
                        .toList();
        if (columns.contains("sentence")) {
            return List.of("sentence");
        }
        if (columns.contains("sentence1") && columns.contains("sentence2")) {
            return List.of("sentence1", "sentence2");
        }
        if (columns.size() != 1) {
            throw new UsageException(
                    "which columns are the text? Name them with --text_column_names; there are " + columns);
        }
        return columns;
    }

    Text of(Row row) {
        if (names.size() == 2 && delimiter.isEmpty()) {
            return Text.pair(row.get(names.get(0)), row.get(names.get(1)));
        }
        return Text.of(names.stream().map(row::get).collect(Collectors.joining(delimiter.orElse(" "))));
    }
}
