package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MappedDatasetTest extends DatasetContract<String> {
    private final AtomicInteger reads = new AtomicInteger();

    /** Numbers that are not in memory. */
    private final IndexedDataset<Integer> numbers = new IndexedDataset<>() {
        @Override
        public int count() {
            return 5;
        }

        @Override
        public Integer get(int index) {
            reads.incrementAndGet();
            return index;
        }
    };

    @Override
    protected Dataset<String> dataset() {
        return numbers.map(String::valueOf);
    }

    @Test
    void nothingIsReadBeforeItIsAskedFor() {
        IndexedDataset<String> mapped = numbers.map(String::valueOf);
        assertThat(reads).hasValue(0);

        assertThat(mapped.get(3)).isEqualTo("3");

        assertThat(reads).hasValue(1);
    }
}
