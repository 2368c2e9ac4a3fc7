package io.bertfinetune.data;

import io.bertfinetune.error.DataException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How a table file separates, quotes and names its columns. Does not change: each setting gives a new format.
 *
 * <pre>{@code
 * var cola = CsvFormat.TSV.columns("source", "label", "mark", "sentence");
 * }</pre>
 */
public final class CsvFormat {
    /** Commas, double quotes as in RFC 4180, column names in the first line, UTF-8. */
    public static final CsvFormat CSV = new CsvFormat(',', true, List.of(), StandardCharsets.UTF_8);

    /** Tabs, no quoting (a {@code "} is a character like any other), column names in the first line, UTF-8. */
    public static final CsvFormat TSV = new CsvFormat('\t', false, List.of(), StandardCharsets.UTF_8);

    private final char delimiter;
    private final boolean quoted;
    private final List<String> columns;
    private final Charset charset;

    private CsvFormat(char delimiter, boolean quoted, List<String> columns, Charset charset) {
        if (delimiter == '\n' || delimiter == '\r' || delimiter == '"' || delimiter == LineReader.NO_CHARACTER) {
            throw new IllegalArgumentException(
                    "CsvFormat: delimiter is a quote or a line break, expected a comma, a tab or the like");
        }
        if (new HashSet<>(columns).size() != columns.size()) {
            throw new IllegalArgumentException("CsvFormat: a column comes twice in " + columns);
        }
        this.delimiter = delimiter;
        this.quoted = quoted;
        this.columns = columns;
        this.charset = Objects.requireNonNull(charset, "charset");
    }

    /**
     * The same format for a file without a line of names.
     *
     * @param names its columns, from the left
     * @return a new format
     * @throws IllegalArgumentException if there are none, or one comes twice
     */
    public CsvFormat columns(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("CsvFormat: no columns, expected their names from the left");
        }
        return new CsvFormat(delimiter, quoted, List.of(names), charset);
    }

    /**
     * The same format with another separator.
     *
     * @param delimiter what stands between two cells, {@code ';'} for instance
     * @return a new format
     * @throws IllegalArgumentException if it is a quote or a line break
     */
    public CsvFormat delimiter(char delimiter) {
        return new CsvFormat(delimiter, quoted, columns, charset);
    }

    /**
     * The same format in another character set.
     *
     * @param charset the character set of the file
     * @return a new format
     */
    public CsvFormat charset(Charset charset) {
        return new CsvFormat(delimiter, quoted, columns, charset);
    }

    /**
     * Reads a file row by row, in constant memory. Lines end in LF, CRLF or CR; a byte order mark and blank lines are
     * skipped.
     *
     * <p>What cannot be meant is refused: an unclosed quote, text after a closing one, a row with more or fewer cells
     * than there are columns, two columns of one name, bytes that are not of the character set, a file without a line,
     * and a row of more than 4,194,304 characters.
     *
     * @param file the file
     * @return its rows; close the stream to close the file
     * @throws DataException if the file cannot be read or its first line is wrong; what is wrong further down is thrown
     *     when the stream gets there. The message names file and line
     */
    public Stream<Row> open(Path file) {
        return new CsvRows(file, this).stream();
    }

    char delimiter() {
        return delimiter;
    }

    boolean quoted() {
        return quoted;
    }

    /** Empty if the file names its columns. */
    List<String> columnNames() {
        return columns;
    }

    Charset charset() {
        return charset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CsvFormat that
                && delimiter == that.delimiter
                && quoted == that.quoted
                && columns.equals(that.columns)
                && charset.equals(that.charset);
    }

    @Override
    public int hashCode() {
        return Objects.hash(delimiter, quoted, columns, charset);
    }

    /**
     * The settings, for messages.
     *
     * @return {@code CsvFormat[delimiter='\t', quoted=false, columns=[], charset=UTF-8]}
     */
    @Override
    public String toString() {
        String shown = delimiter == '\t' ? "\\t" : String.valueOf(delimiter);
        return "CsvFormat[delimiter='" + shown + "', quoted=" + quoted + ", columns=" + columns + ", charset=" + charset
                + "]";
    }
}
