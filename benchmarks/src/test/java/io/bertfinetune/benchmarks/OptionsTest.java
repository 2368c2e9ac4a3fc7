package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final List<Option> KNOWN =
            List.of(new Option("rounds", "9", "How many"), new Option("python", "", "Which"));

    @Test
    void aValueStandsAfterItsFlagOrAfterAnEqualsSign() {
        assertThat(Options.parse(KNOWN, "--rounds", "3").whole("rounds")).isEqualTo(3);
        assertThat(Options.parse(KNOWN, "--rounds=4").whole("rounds")).isEqualTo(4);
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        Options options = Options.parse(KNOWN);

        assertThat(options.whole("rounds")).isEqualTo(9);
        assertThat(options.optional("python")).isEmpty();
    }

    @Test
    void anUnknownFlagIsNamedBesideThoseThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(KNOWN, "--round", "3"))
                .withMessage("unknown flag --round; there are --rounds, --python");
    }

    @Test
    void aFlagWithoutItsValueIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(KNOWN, "--rounds"))
                .withMessage("--rounds has no value");
    }
}
