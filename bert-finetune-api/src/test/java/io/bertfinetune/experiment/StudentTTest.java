package io.bertfinetune.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentTTest {
    /** Golden: src/test/oracle/student_t.py. */
    @ParameterizedTest
    @CsvSource({
        "1, 0.5, 1",
        "1, 0.95, 12.70620474",
        "1, 0.99, 63.65674116",
        "2, 0.5, 0.8164965809",
        "2, 0.95, 4.30265273",
        "2, 0.99, 9.924843201",
        "3, 0.5, 0.7648923284",
        "3, 0.95, 3.182446305",
        "3, 0.99, 5.84090931",
        "4, 0.5, 0.7406970841",
        "4, 0.95, 2.776445105",
        "4, 0.99, 4.604094871",
        "5, 0.5, 0.7266868438",
        "5, 0.95, 2.570581836",
        "5, 0.99, 4.032142984",
        "9, 0.5, 0.7027221468",
        "9, 0.95, 2.262157163",
        "9, 0.99, 3.249835542",
        "29, 0.5, 0.6830438608",
        "29, 0.95, 2.045229642",
        "29, 0.99, 2.756385904",
        "100, 0.5, 0.676951043",
        "100, 0.95, 1.983971519",
        "100, 0.99, 2.625890521",
        "1001, 0.5, 0.6747349194",
        "1001, 0.95, 1.962336705",
        "1001, 0.99, 2.580749769"
    })
    void quantilesAreScipys(int degreesOfFreedom, double probability, double expected) {
        assertThat(StudentT.twoSided(probability, degreesOfFreedom)).isCloseTo(expected, withinPercentage(1e-7));
    }
}
