package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of examples of similar length; an example here is its length. */
class LengthWindowsTest {
    private static final List<Integer> LENGTHS = List.of(3, 9, 5, 1, 7, 2, 8, 4, 9, 6, 2);

    /** As many ones in the attention mask as an example is long. */
    private static final Collator<Integer> MASKS = examples -> {
        int width = examples.stream().mapToInt(i -> i).max().orElseThrow();
        long[] mask = new long[examples.size() * width];
        for (int row = 0; row < examples.size(); row++) {
            for (int i = 0; i < examples.get(row); i++) {
                mask[row * width + i] = 1;
            }
        }
        return new Batch<>(examples, Map.of("attention_mask", Tensor.ofLongs(mask, examples.size(), width)));
    };

    private static final Collator<Integer> NO_MASKS = examples -> new Batch<>(examples, Map.of());

    private static DataLoader<Integer> loader(boolean stream, Collator<Integer> collator) {
        Dataset<Integer> data = stream ? LENGTHS::stream : Dataset.of(LENGTHS);
        return DataLoader.of(data, collator).batchSize(2);
    }

    private static List<List<Integer>> read(DataLoader.Pass<Integer> pass) {
        try (pass) {
            List<List<Integer>> batches = new ArrayList<>();
            pass.forEach(batch -> batches.add(batch.examples()));
            return batches;
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 0", "true, 0", "false, 2", "true, 2"})
    void eachWindowComesLongestFirst(boolean stream, int prefetch) {
        DataLoader<Integer> loader = loader(stream, MASKS).lengthWindow(2).prefetch(prefetch);

        assertThat(read(loader.epoch(0)))
                .containsExactly(List.of(9, 5), List.of(3, 1), List.of(8, 7), List.of(4, 2), List.of(9, 6), List.of(2));
    }

    @Test
    void whatIsInAWindowTheSamplerDecides() {
        DataLoader<Integer> loader =
                loader(false, MASKS).lengthWindow(2).sampler(epoch -> new int[] {10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0});

        assertThat(read(loader.epoch(0)).subList(0, 2)).containsExactly(List.of(9, 6), List.of(4, 2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPassCanBeginAtAnyBatch(boolean stream) {
        DataLoader<Integer> loader = loader(stream, MASKS).lengthWindow(2);
        List<List<Integer>> whole = read(loader.epoch(0));

        for (int first = 0; first <= 6; first++) {
            assertThat(read(loader.epoch(0, first))).isEqualTo(whole.subList(first, 6));
        }
    }

    @Test
    void theRestOfTheLastWindowIsDroppedIfAsked() {
        assertThat(read(loader(true, MASKS).lengthWindow(2).dropLast(true).epoch(0)))
                .hasSize(5);
    }

    @Test
    void whoseLengthIsNotKnownStaysInOrder() {
        assertThat(read(loader(false, NO_MASKS).lengthWindow(3).epoch(0)))
                .isEqualTo(read(loader(false, NO_MASKS).epoch(0)));
    }

    @Test
    void aWindowIsAllThatIsReadAhead() {
        AtomicInteger read = new AtomicInteger();
        Dataset<Integer> endless = () -> Stream.generate(() -> read.incrementAndGet() % 7 + 1);
        DataLoader<Integer> loader =
                DataLoader.of(endless, MASKS).batchSize(2).lengthWindow(3).prefetch(0);

        try (DataLoader.Pass<Integer> pass = loader.epoch(0)) {
            assertThat(pass.iterator().next().examples()).containsExactly(7, 6);
        }

        assertThat(read).hasValue(6);
    }

    @Test
    void aNullExampleIsShownWithItsPlace() {
        Dataset<Integer> data = () -> Stream.of(1, 2, 3, null);

        assertThatThrownBy(() -> read(
                        DataLoader.of(data, MASKS).batchSize(2).lengthWindow(1).epoch(0)))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("example 3 of the epoch is null");
    }

    @Test
    void aNegativeWindowIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loader(false, MASKS).lengthWindow(-1))
                .withMessageContaining("lengthWindow is -1");
    }

    @Test
    void trainingGroupsByTheTokensTheLoaderCounts() {
        DataLoader<Integer> loader = loader(false, MASKS).sampler(Sampler.groupByLength());
        int[] lengths = LENGTHS.stream().mapToInt(i -> i).toArray();

        List<Integer> order =
                read(loader.epoch(3)).stream().flatMap(List::stream).toList();

        Sampler.Epoch epoch = Sampler.Epoch.of(3, 42, 11).batchSize(2).lengths(lengths);
        List<Integer> expected = Stream.of(Sampler.groupByLength().order(epoch))
                .flatMapToInt(java.util.Arrays::stream)
                .mapToObj(LENGTHS::get)
                .toList();
        assertThat(order).isEqualTo(expected);
    }

    @Test
    void tokensAreCountedOnceHoweverManyEpochsAreRead() {
        AtomicInteger counted = new AtomicInteger();
        Collator<Integer> collator = new Collator<>() {
            @Override
            public Batch<Integer> collate(List<Integer> examples) {
                return MASKS.collate(examples);
            }

            @Override
            public Optional<int[]> lengths(List<Integer> examples) {
                counted.addAndGet(examples.size());
                return MASKS.lengths(examples);
            }
        };
        DataLoader<Integer> loader = loader(false, collator).sampler(Sampler.groupByLength());
        assertThat(counted).hasValue(0);

        loader.batches();
        loader.seed(7).epoch(0).close();
        loader.batchSize(4).epoch(1).close();

        assertThat(counted).hasValue(LENGTHS.size());
    }

    @Test
    void groupingWithoutMaskOrLengthsIsRefused() {
        DataLoader<Integer> loader = loader(false, NO_MASKS).sampler(Sampler.groupByLength());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> loader.epoch(0))
                .withMessageContaining("attention_mask")
                .withMessageContaining("Sampler.groupByLength(lengths)");
        assertThat(read(loader.sampler(Sampler.groupByLength(new int[LENGTHS.size()]))
                        .epoch(0)))
                .hasSize(6);
    }

    @Test
    void aStreamIsNotGrouped() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loader(true, MASKS).sampler(Sampler.groupByLength()))
                .withMessageContaining("sampler is group_by_length")
                .withMessageContaining("Dataset.of(list)");
    }

    @Test
    void anInterruptEndsTheCounting() {
        DataLoader<Integer> loader = loader(false, MASKS).sampler(Sampler.groupByLength());
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> loader.epoch(0))
                .hasMessageContaining("counting tokens was interrupted, after 0 of 11");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anExampleOfSeveralRowsIsAsLongAsTheLongest() {
        long[] mask = {1, 0, 0, 1, 1, 0, /* second example */ 1, 1, 1, 1, 0, 0};
        Collator<Integer> choices =
                examples -> new Batch<>(examples, Map.of("attention_mask", Tensor.ofLongs(mask, 2, 2, 3)));

        assertThat(choices.lengths(List.of(0, 1)).orElseThrow()).containsExactly(2, 3);
    }

    @Test
    void lengthsMustBeOneForEachExample() {
        Collator<Integer> oneForAll = new Collator<>() {
            @Override
            public Batch<Integer> collate(List<Integer> examples) {
                return MASKS.collate(examples);
            }

            @Override
            public Optional<int[]> lengths(List<Integer> examples) {
                return Optional.of(new int[1]);
            }
        };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> loader(false, oneForAll)
                        .sampler(Sampler.groupByLength())
                        .epoch(0))
                .withMessage("Collator: lengths gave 1 numbers for 11 examples, expected one for each");
    }
}
