package io.bertfinetune.data;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Elements that can be read again and again, in the same order.
 *
 * <p>One of your own is a lambda that opens a stream; the elements are read in that order:
 *
 * <pre>{@code
 * Dataset<Example<Text, String>> tickets = () -> rows(database).map(r -> Example.of(Text.of(r[0]), r[1]));
 * }</pre>
 *
 * <p>If your elements can be reached by number, implement {@link IndexedDataset}: only that can be shuffled and split.
 *
 * @param <E> element
 */
@FunctionalInterface
public interface Dataset<E> {
    /**
     * Opens a fresh pass over the elements.
     *
     * @return the elements; whoever opens the stream closes it, and closing frees what it reads from
     */
    Stream<E> stream();

    /**
     * How many elements there are, if that is known without reading them.
     *
     * @return the number, or empty, as it is unless overridden
     */
    default OptionalLong size() {
        return OptionalLong.empty();
    }

    /**
     * Each element changed.
     *
     * @param change how; the same for equal elements, as it may be asked once or at every pass, on any thread
     * @param <R> what an element becomes
     * @return a new data set, whose size is known if this one's is
     */
    default <R> Dataset<R> map(Function<? super E, ? extends R> change) {
        return new MappedStream<>(this, change);
    }

    /**
     * The elements that pass a test.
     *
     * @param keep true for an element that stays
     * @return a new data set
     */
    default Dataset<E> filter(Predicate<? super E> keep) {
        return () -> stream().filter(keep);
    }

    /**
     * A list in memory.
     *
     * @param elements the elements; copied
     * @param <E> element
     * @return the data set
     */
    static <E> IndexedDataset<E> of(List<? extends E> elements) {
        return new ListDataset<>(List.copyOf(elements));
    }

    /**
     * The rows of a CSV file, in memory: commas, double quotes, column names in the first line, UTF-8. One larger than
     * memory is {@code () -> CsvFormat.CSV.open(file)}.
     *
     * @param file the file
     * @return its rows
     * @throws io.bertfinetune.error.DataException if it cannot be read or is not well formed, see
     *     {@link CsvFormat#open}
     */
    static IndexedDataset<Row> csv(Path file) {
        return csv(file, CsvFormat.CSV);
    }

    /**
     * The rows of a table file, in memory.
     *
     * @param file the file
     * @param format how it separates, quotes and names its columns
     * @return its rows
     * @throws io.bertfinetune.error.DataException if it cannot be read or is not well formed, see
     *     {@link CsvFormat#open}
     */
    static IndexedDataset<Row> csv(Path file, CsvFormat format) {
        try (Stream<Row> rows = format.open(file)) {
            return of(rows.toList());
        }
    }
}
