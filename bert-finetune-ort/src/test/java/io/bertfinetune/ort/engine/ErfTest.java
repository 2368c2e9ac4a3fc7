package io.bertfinetune.ort.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErfTest {
    /** Made with {@code mpmath.erf} at 30 digits. */
    @ParameterizedTest
    @CsvSource({
        "1e-8, 1.1283791670955125363e-8",
        "0.1, 0.1124629160182848922",
        "0.5, 0.52049987781304653768",
        "1, 0.84270079294971486934",
        "1.5, 0.96610514647531072707",
        "2, 0.99532226501895273416",
        "2.4999, 0.99959283009966654908",
        "2.5, 0.99959304798255504106",
        "3, 0.99997790950300141456",
        "4, 0.99999998458274209972",
        "5.5, 0.99999999999999264215",
        "7, 1.0"
    })
    void isRightToFifteenDigits(double x, double erf) {
        assertThat(Erf.of(x)).isCloseTo(erf, within(1e-15));
        assertThat(Erf.of(-x)).isEqualTo(-Erf.of(x));
    }

    @Test
    void endsAtOne() {
        assertThat(Erf.of(0)).isZero();
        assertThat(Erf.of(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(Erf.of(Double.NaN)).isNaN();
    }
}
