package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloseMatchesTest {
    @ParameterizedTest
    @CsvSource({"'', '', 0", "abc, '', 3", "'', abc, 3", "kitten, sitting, 3", "seed, seed, 0", "flaw, lawn, 2"})
    void distanceCountsLetters(String a, String b, int distance) {
        assertThat(CloseMatches.distance(a, b)).isEqualTo(distance);
    }

    @Test
    void theNearestComesFirst() {
        assertThat(CloseMatches.of("eval_step", List.of("eval_strategy", "seed", "eval_steps")))
                .startsWith("eval_steps")
                .doesNotContain("seed");
    }

    @Test
    void aPartOfAWordIsClose() {
        assertThat(CloseMatches.of("batch_size", List.of("per_device_train_batch_size", "max_steps")))
                .containsExactly("per_device_train_batch_size");
    }

    @Test
    void atMostThreeAreGiven() {
        assertThat(CloseMatches.of("abcd", List.of("abce", "abcf", "abcg", "abch")))
                .hasSize(3);
    }

    @Test
    void nothingIsCloseToNonsense() {
        assertThat(CloseMatches.of("zzzzzz", List.of("seed", "learning_rate"))).isEmpty();
    }
}
