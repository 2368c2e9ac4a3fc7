package io.bertfinetune.ort.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruncationTest {
    @Test
    void nothingIsCutWhereThereIsRoom() {
        assertThat(Truncation.longestFirst(4, 6, 10)).isEqualTo(new Truncation(4, 6));
    }

    @Test
    void aSingleTextIsCutToTheRoom() {
        assertThat(Truncation.longestFirst(12, 0, 10)).isEqualTo(new Truncation(10, 0));
    }

    @ParameterizedTest
    @CsvSource({"3, 9, 10, 3, 7", "9, 3, 10, 7, 3", "0, 12, 10, 0, 10"})
    void onlyTheLongerTextIsCutWhileItIsLonger(int first, int second, int room, int firstKept, int secondKept) {
        assertThat(Truncation.longestFirst(first, second, room)).isEqualTo(new Truncation(firstKept, secondKept));
    }

    @ParameterizedTest
    @CsvSource({"9, 9, 9, 4, 5", "8, 9, 9, 4, 5", "9, 8, 9, 5, 4", "20, 30, 8, 4, 4", "5, 5, 1, 0, 1"})
    void bothAreCutToHalvesAndTheLongerKeepsTheOddToken(
            int first, int second, int room, int firstKept, int secondKept) {
        assertThat(Truncation.longestFirst(first, second, room)).isEqualTo(new Truncation(firstKept, secondKept));
    }
}
