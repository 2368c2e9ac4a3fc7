package io.bertfinetune.data;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.bertfinetune.error.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A table file that is being read: FastCSV's records, checked and named. */
final class CsvRows implements Iterator<Row> {
    /** A quote that never closes, or a file that is no table, ends here and not in an OutOfMemoryError. */
    private static final int MAX_CHARACTERS = 1 << 22;

    private final String file;
    private final CsvFormat format;
    private final CloseableIterator<CsvRecord> records;
    private final List<String> columns;

    CsvRows(Path path, CsvFormat format) {
        this.file = path.toString();
        this.format = format;
        this.records = reading(() -> records(path));
        try {
            this.columns = columnsOrHeader();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Stream<Row> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(this::close);
    }

    @Override
    public boolean hasNext() {
        return reading(records::hasNext);
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return row(reading(records::next));
    }

    private CloseableIterator<CsvRecord> records(Path path) {
        try {
            return CsvReader.builder()
                    .fieldSeparator(format.delimiter())
                    .commentCharacter(format.delimiter() == '#' ? ';' : '#') // of no effect, but it must be another
                    .quoteCharacter(format.quoted() ? '"' : LineReader.NO_CHARACTER)
                    .skipEmptyLines(true)
                    .allowUnclosedQuote(false)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // row() says it better
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .maxBufferSize(MAX_CHARACTERS)
                    .build(
                            CsvRecordHandler.of(limits ->
                                    limits.maxFieldSize(MAX_CHARACTERS).maxRecordSize(MAX_CHARACTERS)),
                            new LineReader(file, Files.newInputStream(path), format.charset()))
                    .iterator();
        } catch (NoSuchFileException e) {
            throw new DataException(file + ": no such file; looked for " + path.toAbsolutePath(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> columnsOrHeader() {
        if (!hasNext()) {
            throw new DataException(
                    file + ": empty, expected " + (format.columnNames().isEmpty() ? "a line of column names" : "rows"));
        }
        if (!format.columnNames().isEmpty()) {
            return format.columnNames();
        }
        CsvRecord header = reading(records::next);
        Set<String> seen = new HashSet<>();
        for (String name : header.getFields()) {
            if (!seen.add(name)) {
                throw new DataException(file + ":" + header.getStartingLineNumber() + ": column '" + name
                        + "' comes twice; if the first line holds no names, give them with CsvFormat.columns(…)");
            }
        }
        return header.getFields();
    }

    private Row row(CsvRecord line) {
        List<String> fields = line.getFields();
        if (fields.size() != columns.size()) {
            throw new DataException(file + ":" + line.getStartingLineNumber() + ": " + fields.size()
                    + (fields.size() == 1 ? " field" : " fields") + ", expected " + columns.size() + ": " + columns
                    + (format.quoted() && fields.size() > columns.size()
                            ? "; a field that holds a '" + format.delimiter() + "' must be in quotes"
                            : ""));
        }
        Map<String, String> cells = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            cells.put(columns.get(i), fields.get(i));
        }
        return new Row(file, line.getStartingLineNumber(), cells);
    }

    private <T> T reading(Supplier<T> step) {
        try {
            return step.get();
        } catch (CsvParseException e) {
            if (e.getCause() instanceof DataException ours) {
                throw ours;
            }
            throw new DataException(file + ": " + e.getMessage(), e); // names the line
        } catch (UncheckedIOException e) {
            throw new DataException(file + ": cannot be read, " + e.getCause(), e);
        }
    }

    private void close() {
        try {
            records.close();
        } catch (IOException e) {
            throw new DataException(file + ": cannot be closed, " + e.getMessage(), e);
        }
    }
}
