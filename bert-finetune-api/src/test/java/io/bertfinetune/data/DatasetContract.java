package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Dataset} keeps to. Extend it to test one of your own.
 *
 * @param <E> element
 */
public abstract class DatasetContract<E> {
    /**
     * The data set under test, with at least two elements.
     *
     * @return the data set
     */
    protected abstract Dataset<E> dataset();

    @Test
    void everyPassGivesTheSameElementsInTheSameOrder() {
        Dataset<E> dataset = dataset();

        List<E> first = read(dataset);

        assertThat(first).hasSizeGreaterThan(1).doesNotContainNull();
        assertThat(read(dataset)).isEqualTo(first);
    }

    @Test
    void aKnownSizeIsTheNumberOfElements() {
        Dataset<E> dataset = dataset();

        dataset.size().ifPresent(size -> assertThat(read(dataset)).hasSize((int) size));
    }

    @Test
    void elementsReachedByNumberAreThoseOfTheStream() {
        if (dataset() instanceof IndexedDataset<E> indexed) {
            List<E> streamed = read(indexed);

            assertThat(indexed.count()).isEqualTo(streamed.size());
            for (int index = 0; index < indexed.count(); index++) {
                assertThat(indexed.get(index)).isEqualTo(streamed.get(index));
            }
        }
    }

    @Test
    void changedElementsAreChangedOneByOne() {
        Dataset<E> dataset = dataset();

        assertThat(read(dataset.<String>map(element -> "<" + element + ">")))
                .isEqualTo(read(dataset).stream()
                        .map(element -> "<" + element + ">")
                        .toList());
    }

    @Test
    void filteredElementsKeepTheirOrder() {
        Dataset<E> dataset = dataset();
        E first = read(dataset).get(0);

        assertThat(read(dataset.filter(element -> !element.equals(first))))
                .isEqualTo(read(dataset).stream()
                        .filter(element -> !element.equals(first))
                        .toList());
    }

    private static <T> List<T> read(Dataset<T> dataset) {
        try (Stream<T> elements = dataset.stream()) {
            return elements.toList();
        }
    }
}
