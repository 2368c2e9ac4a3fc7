package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ListDatasetTest extends DatasetContract<String> {
    @Override
    protected Dataset<String> dataset() {
        return Dataset.of(List.of("a", "b", "c", "a"));
    }

    @Test
    void changesOfTheListDoNotReachTheData() {
        List<String> list = new ArrayList<>(List.of("a", "b"));
        IndexedDataset<String> data = Dataset.of(list);

        list.set(0, "z");

        assertThat(data.get(0)).isEqualTo("a");
    }

    @Test
    void eachElementIsChangedOnceAndAtOnce() {
        AtomicInteger calls = new AtomicInteger();
        IndexedDataset<Integer> mapped = Dataset.of(List.of("a", "bb")).map(text -> {
            calls.incrementAndGet();
            return text.length();
        });

        assertThat(mapped.get(1)).isEqualTo(2);
        assertThat(mapped.get(1)).isEqualTo(2);

        assertThat(calls).hasValue(2);
    }

    @Test
    void aBadElementShowsWhereItIsChanged() {
        assertThatExceptionOfType(NumberFormatException.class)
                .isThrownBy(() -> Dataset.of(List.of("1", "two")).map(Integer::valueOf));
    }

    @Test
    void saysHowManyThereAre() {
        assertThat(dataset()).hasToString("Dataset[4]");
    }
}
