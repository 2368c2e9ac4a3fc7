package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static int[] order(int number, long seed, int count) {
        return Sampler.random().order(Sampler.Epoch.of(number, seed, count));
    }

    @Nested
    class Random extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return Sampler.random();
        }
    }

    @Nested
    class Sequential extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return Sampler.sequential();
        }
    }

    @Nested
    class GroupedByGivenLengths extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return Sampler.groupByLength(IntStream.range(0, 100).toArray());
        }
    }

    @Nested
    class GroupedByLength extends SamplerContract {
        @Override
        protected Sampler sampler() {
            return epoch -> Sampler.groupByLength()
                    .order(epoch.lengths(IntStream.range(0, 100).toArray()));
        }
    }

    @Test
    void randomVisitsEveryExampleOnce() {
        int[] order = order(0, 42, 1000);

        assertThat(Arrays.stream(order).sorted().toArray())
                .isEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
    }

    /** The numbers are part of the contract: a run resumed on another version or machine sees the same order. */
    @Test
    void randomOrderOfASeedIsTheSameForever() {
        assertThat(order(0, 42, 10)).containsExactly(0, 4, 1, 2, 7, 8, 9, 5, 3, 6);
        assertThat(order(1, 42, 10)).containsExactly(2, 8, 1, 3, 5, 9, 0, 4, 7, 6);
    }

    @Test
    void epochsAndSeedsHaveOrdersOfTheirOwn() {
        Set<String> orders = new HashSet<>();
        for (int number = 0; number < 40; number++) {
            for (long seed = 0; seed < 40; seed++) {
                orders.add(Arrays.toString(order(number, seed, 50)));
            }
        }

        assertThat(orders).hasSize(1600);
    }

    /** Seeds next to each other are what people use; java.util.Random alone gives them related first numbers. */
    @Test
    void everyPlaceIsEquallyLikelyOverNeighbouringSeeds() {
        int[] lastPlace = new int[10];
        for (long seed = 0; seed < 10_000; seed++) {
            lastPlace[order(0, seed, 10)[9]]++;
        }

        assertThat(IntStream.of(lastPlace))
                .allSatisfy(count -> assertThat(count).isBetween(850, 1150)); // 5 sigma
    }

    @Test
    void sequentialVisitsExamplesAsTheyStand() {
        assertThat(Sampler.sequential().order(Sampler.Epoch.of(7, 42, 4))).containsExactly(0, 1, 2, 3);
    }

    @Test
    void areNamedAsHuggingFaceNamesThem() {
        Sampler own = epoch -> new int[] {0};

        assertThat(Sampler.random().type()).isEqualTo("random");
        assertThat(Sampler.sequential().type()).isEqualTo("sequential");
        assertThat(Sampler.groupByLength().type()).isEqualTo("group_by_length");
        assertThat(Sampler.groupByLength()).hasToString("group_by_length");
        assertThat(Sampler.groupByLength(new int[] {1, 2}).type()).isEqualTo("custom");
        assertThat(own.type()).isEqualTo("custom");
    }

    /** The numbers are part of the contract: a run resumed on another version or machine sees the same order. */
    @Test
    void groupedOrderOfASeedIsTheSameForever() {
        Sampler.Epoch epoch = Sampler.Epoch.of(0, 42, 10).batchSize(2).lengths(11, 25, 31, 47, 52, 63, 71, 12, 99, 18);

        // two mega-batches of … one batch each: 0 4 | 1 2 | 7 8 | 9 5 | 3 6, sorted, and the longest to the front
        assertThat(Sampler.groupByLength().order(epoch)).containsExactly(8, 0, 2, 1, 4, 7, 5, 9, 6, 3);
    }

    @Test
    void givenLengthsGroupAsCountedOnes() {
        int[] lengths = IntStream.range(0, 200).map(i -> i * 37 % 50).toArray();
        Sampler.Epoch epoch = Sampler.Epoch.of(1, 42, 200).batchSize(5);

        assertThat(Sampler.groupByLength(lengths).order(epoch))
                .isEqualTo(Sampler.groupByLength().order(epoch.lengths(lengths)));
    }

    @Test
    void givenLengthsAreThoseOfTheData() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sampler.groupByLength(new int[] {5, 6}).order(Sampler.Epoch.of(0, 42, 3)))
                .withMessage("Epoch: 2 lengths for 3 examples, expected one for each");
        assertThat(Sampler.groupByLength(new int[] {5, 6}).toString())
                .isEqualTo(Sampler.groupByLength(new int[] {5, 6}).toString())
                .isNotEqualTo(Sampler.groupByLength(new int[] {6, 5}).toString());
    }

    @Test
    void lengthsThatNobodyCountedAreRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Sampler.groupByLength().order(Sampler.Epoch.of(0, 42, 3)))
                .withMessageContaining("Epoch.lengths(…)");
    }

    @Test
    void anEpochKnowsWhatItIsMadeOf() {
        Sampler.Epoch epoch = Sampler.Epoch.of(2, -1, 3).batchSize(4).lengths(7, 8, 9);

        assertThat(epoch.number()).isEqualTo(2);
        assertThat(epoch.seed()).isEqualTo(-1);
        assertThat(epoch.count()).isEqualTo(3);
        assertThat(epoch.batchSize()).isEqualTo(4);
        assertThat(epoch.length(2)).isEqualTo(9);
        assertThat(Sampler.Epoch.of(2, -1, 3).batchSize()).isEqualTo(8);
        assertThatIllegalArgumentException().isThrownBy(() -> epoch.batchSize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Sampler.Epoch.of(-1, 42, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> Sampler.Epoch.of(0, 42, -3));
    }
}
