package io.bertfinetune.data;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bertfinetune.data.IndexedDataset.Split;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexedDatasetTest {
    private static IndexedDataset<Integer> numbers(int count) {
        return Dataset.of(IntStream.range(0, count).boxed().toList());
    }

    private static List<Integer> list(IndexedDataset<Integer> data) {
        return data.stream().toList();
    }

    private static List<Integer> together(Split<Integer> split) {
        List<Integer> all = new ArrayList<>(list(split.train()));
        all.addAll(list(split.eval()));
        return all;
    }

    @Test
    void splitPutsEveryElementOnOneSide() {
        Split<Integer> split = numbers(101).split(0.9, 42);

        assertThat(split.train().count()).isEqualTo(91);
        assertThat(split.eval().count()).isEqualTo(10);
        assertThat(together(split)).containsExactlyInAnyOrderElementsOf(list(numbers(101)));
    }

    @Test
    void splitIsShuffled() {
        assertThat(list(numbers(100).split(0.5, 42).train()))
                .isNotEqualTo(list(numbers(50)))
                .isSubsetOf(list(numbers(100)));
    }

    /** The numbers are part of the contract: a run repeated on another version or machine sees the same parts. */
    @Test
    void splitOfASeedIsTheSameForever() {
        Split<Integer> split = numbers(10).split(0.7, 42);

        assertThat(list(split.train())).containsExactly(4, 6, 2, 1, 7, 9, 8);
        assertThat(list(split.eval())).containsExactly(5, 3, 0);
    }

    @Test
    void anotherSeedSplitsOtherwise() {
        assertThat(list(numbers(100).split(0.5, 1).train()))
                .isNotEqualTo(list(numbers(100).split(0.5, 2).train()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
    void aShareIsBetweenZeroAndOne(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers(10).split(share, 42))
                .withMessageContaining("share is " + share);
        assertThatIllegalArgumentException().isThrownBy(() -> numbers(10).splitBy(n -> n % 2, share, 42));
        assertThatIllegalArgumentException().isThrownBy(() -> numbers(10).splitGrouped(n -> n % 2, share, 42));
    }

    @Test
    void aPartWithoutElementsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers(3).split(0.9, 42))
                .withMessage("split: a share of 0.9 of 3 elements leaves none for evaluation");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers(3).splitBy(n -> n, 0.1, 42))
                .withMessage("splitBy: a share of 0.1 of 3 elements leaves none for training");
        assertThatIllegalArgumentException().isThrownBy(() -> numbers(0).split(0.5, 42));
    }

    @Test
    void splitByKeepsEachKeyInProportion() {
        Function<Integer, String> label = n -> n < 10 ? "rare" : n < 40 ? "some" : "many";

        Split<Integer> split = numbers(100).splitBy(label, 0.8, 42);

        assertThat(counts(split.train(), label)).isEqualTo(Map.of("rare", 8L, "some", 24L, "many", 48L));
        assertThat(counts(split.eval(), label)).isEqualTo(Map.of("rare", 2L, "some", 6L, "many", 12L));
        assertThat(together(split)).containsExactlyInAnyOrderElementsOf(list(numbers(100)));
    }

    @ParameterizedTest
    @CsvSource({"100, 0.9, 7", "97, 0.57, 10", "33, 0.333, 33", "50, 0.29, 3", "1000, 0.1, 9"})
    void splitByIsAsLargeAsSplitAndLessThanOneOff(int count, double share, int keys) {
        Split<Integer> split = numbers(count).splitBy(n -> n % keys, share, 42);

        assertThat(split.train().count())
                .isEqualTo(numbers(count).split(share, 42).train().count());
        Map<Integer, Long> all = counts(numbers(count), n -> n % keys);
        Map<Integer, Long> train = counts(split.train(), n -> n % keys);
        assertThat(all)
                .allSatisfy((key, size) -> assertThat(Math.abs(train.getOrDefault(key, 0L) - share * size))
                        .isLessThan(1));
    }

    @Test
    void theLargestRemaindersGetOneMore() {
        // 0.5 of 3, 3 and 2 elements is 1.5, 1.5 and 1: 4 in all
        Split<Integer> split = numbers(8).splitBy(n -> n % 3, 0.5, 42);

        assertThat(counts(split.train(), n -> n % 3)).isEqualTo(Map.of(0, 2L, 1, 1L, 2, 1L));
    }

    @Test
    void splitByIsRandomWithinAKeyAndShuffled() {
        Split<Integer> split = numbers(100).splitBy(n -> n % 2, 0.5, 42);

        assertThat(list(split.train()))
                .isNotEqualTo(list(numbers(50)))
                .isNotEqualTo(list(split.train()).stream().sorted().toList());
        assertThat(list(split.train()))
                .isNotEqualTo(list(numbers(100).splitBy(n -> n % 2, 0.5, 43).train()));
        assertThat(list(split.train()))
                .isEqualTo(list(numbers(100).splitBy(n -> n % 2, 0.5, 42).train()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42})
    void noGroupIsOnBothSides(long seed) {
        Function<Integer, Integer> sender = n -> n * n % 23;

        Split<Integer> split = numbers(200).splitGrouped(sender, 0.75, seed);

        Set<Integer> both = new HashSet<>(counts(split.train(), sender).keySet());
        both.retainAll(counts(split.eval(), sender).keySet());
        assertThat(both).isEmpty();
        assertThat(together(split)).containsExactlyInAnyOrderElementsOf(list(numbers(200)));
        assertThat(split.train().count()).isBetween(140, 160);
        assertThat(list(split.train())).isSorted();
    }

    @Test
    void bothSidesHaveAGroup() {
        Split<Integer> mostInOne = numbers(100).splitGrouped(n -> n < 95, 0.1, 42);
        Split<Integer> twoHalves = numbers(100).splitGrouped(n -> n < 50, 0.9, 42);
        Split<Integer> twoHalvesOtherwise = numbers(100).splitGrouped(n -> n < 50, 0.1, 42);

        assertThat(mostInOne.train().count()).isEqualTo(5);
        assertThat(twoHalves.eval().count()).isEqualTo(50);
        assertThat(twoHalvesOtherwise.train().count()).isEqualTo(50);
    }

    @Test
    void oneGroupCannotBeSplit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers(10).splitGrouped(n -> "all", 0.5, 42))
                .withMessageContaining("1 value over 10 elements");
    }

    @Test
    void everyElementIsHeldOutInOneFold() {
        List<Split<Integer>> folds = numbers(103).folds(5, 42);

        assertThat(folds).hasSize(5);
        assertThat(folds).allSatisfy(fold -> {
            assertThat(fold.eval().count()).isBetween(20, 21);
            assertThat(together(fold)).containsExactlyInAnyOrderElementsOf(list(numbers(103)));
        });
        assertThat(folds.stream().flatMap(fold -> list(fold.eval()).stream()).toList())
                .containsExactlyInAnyOrderElementsOf(list(numbers(103)));
        assertThat(list(numbers(103).folds(5, 42).get(0).eval()))
                .isEqualTo(list(folds.get(0).eval()))
                .isNotEqualTo(list(numbers(103).folds(5, 43).get(0).eval()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 11})
    void foldsAreFromTwoToTheNumberOfElements(int k) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers(10).folds(k, 42))
                .withMessageContaining("k is " + k + ", expected 2 to 10");
    }

    @Test
    void foldsByHaveEachKeyInProportion() {
        Function<Integer, String> label = n -> n < 11 ? "rare" : "many";

        List<Split<Integer>> folds = numbers(103).foldsBy(label, 5, 42);

        assertThat(folds).hasSize(5).allSatisfy(fold -> {
            assertThat(counts(fold.eval(), label).get("rare")).isBetween(2L, 3L);
            assertThat(counts(fold.eval(), label).get("many")).isBetween(18L, 19L);
            assertThat(fold.eval().count()).isBetween(20, 21);
            assertThat(together(fold)).containsExactlyInAnyOrderElementsOf(list(numbers(103)));
            assertThat(list(fold.train()))
                    .isNotEqualTo(list(fold.train()).stream().sorted().toList());
        });
        assertThat(folds.stream().flatMap(fold -> list(fold.eval()).stream()).toList())
                .containsExactlyInAnyOrderElementsOf(list(numbers(103)));
        assertThat(list(numbers(103).foldsBy(label, 5, 43).get(0).eval()))
                .isNotEqualTo(list(folds.get(0).eval()));
    }

    @Test
    void noGroupIsOnBothSidesOfAFold() {
        Function<Integer, Integer> sender = n -> n * n % 23;

        List<Split<Integer>> folds = numbers(200).foldsGrouped(sender, 4, 42);

        assertThat(folds).hasSize(4).allSatisfy(fold -> {
            Set<Integer> both = new HashSet<>(counts(fold.train(), sender).keySet());
            both.retainAll(counts(fold.eval(), sender).keySet());
            assertThat(both).isEmpty();
            assertThat(fold.eval().count()).isBetween(40, 60);
            assertThat(together(fold)).containsExactlyInAnyOrderElementsOf(list(numbers(200)));
        });
        assertThat(folds.stream().flatMap(fold -> list(fold.eval()).stream()).toList())
                .containsExactlyInAnyOrderElementsOf(list(numbers(200)));
    }

    @Test
    void thereAreNoMoreFoldsThanGroups() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers(10).foldsGrouped(n -> n % 3, 4, 42))
                .withMessage("foldsGrouped: k is 4, expected 2 to 3, the number of groups");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers(10).foldsBy(n -> n % 3, 11, 42))
                .withMessage("foldsBy: k is 11, expected 2 to 10, the number of elements");
    }

    @Test
    void limitTakesTheFirst() {
        assertThat(list(numbers(10).limit(3))).containsExactly(0, 1, 2);
        assertThat(list(numbers(2).limit(3))).containsExactly(0, 1);
        assertThatIllegalArgumentException().isThrownBy(() -> numbers(2).limit(0));
    }

    @Test
    void partsCanBeCutAgain() {
        Split<Integer> split = numbers(100).split(0.8, 42);
        Split<Integer> again = split.eval().split(0.5, 42);

        assertThat(together(again)).containsExactlyInAnyOrderElementsOf(list(split.eval()));
    }

    private static <K> Map<K, Long> counts(IndexedDataset<Integer> data, Function<Integer, K> key) {
        return data.stream().collect(groupingBy(key, counting()));
    }
}
