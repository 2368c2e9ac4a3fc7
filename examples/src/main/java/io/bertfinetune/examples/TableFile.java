package io.bertfinetune.examples;

import io.bertfinetune.data.CsvFormat;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Row;
import io.bertfinetune.error.DataException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the rows of a file are read: what stands between two columns, and what they are called.
 *
 * @param delimiter {@code comma}, {@code tab}, {@code semicolon} or {@code first-space}; empty to go by the name of the
 *     file
 * @param columns the names of the columns, from the left; empty if the first line has them
 */
record TableFile(String delimiter, List<String> columns) {
    private static final String FIRST_SPACE = "first-space";

    /** A character that separates records in some old formats and stands in no text: every line is one cell. */
    private static final CsvFormat LINES = CsvFormat.TSV.delimiter('\u001e').columns("line");

    TableFile {
        columns = List.copyOf(columns);
        if (!delimiter.isEmpty()
                && !List.of("comma", "tab", "semicolon", FIRST_SPACE).contains(delimiter)) {
            throw new UsageException(
                    "--delimiter is '" + delimiter + "', expected comma, tab, semicolon or " + FIRST_SPACE);
        }
        if (delimiter.equals(FIRST_SPACE) && columns.size() != 2) {
            throw new UsageException("--delimiter " + FIRST_SPACE + " cuts a line in two, but --column_names has "
                    + columns.size() + " names; expected two, such as label,sentence");
        }
    }

    IndexedDataset<Row> read(Path file) {
        if (delimiter.equals(FIRST_SPACE)) {
            return Dataset.csv(file, LINES).map(this::cutAtFirstSpace);
        }
        CsvFormat format = format(file.toString());
        return Dataset.csv(file, columns.isEmpty() ? format : format.columns(columns.toArray(String[]::new)));
    }

    private CsvFormat format(String file) {
        if (delimiter.isEmpty()) {
            if (file.endsWith(".json") || file.endsWith(".jsonl")) {
                throw new UsageException(file + ": JSON is not read here; expected a .csv or .tsv file");
            }
            return file.endsWith(".tsv") ? CsvFormat.TSV : CsvFormat.CSV;
        }
        return switch (delimiter) {
            case "tab" -> CsvFormat.TSV;
            case "semicolon" -> CsvFormat.CSV.delimiter(';');
            default -> CsvFormat.CSV;
        };
    }

    private Row cutAtFirstSpace(Row row) {
        String line = row.get("line");
        int space = line.indexOf(' ');
        if (space < 0) {
            throw new DataException(row.file() + ":" + row.line() + ": no space, expected one between " + columns.get(0)
                    + " and " + columns.get(1));
        }
        Map<String, String> cells = new LinkedHashMap<>();
        cells.put(columns.get(0), line.substring(0, space));
        cells.put(columns.get(1), line.substring(space + 1));
        return new Row(row.file(), row.line(), cells);
    }
}
