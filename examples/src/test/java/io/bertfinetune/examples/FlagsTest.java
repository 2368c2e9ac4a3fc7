package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagsTest {
    private static final List<Flag> KNOWN = List.of(
            Flag.of("train_file", "", "What to learn from"),
            Flag.of("learning_rate", "5e-5", "The highest learning rate"),
            Flag.of("max_steps", "-1", "How many steps"),
            Flag.ofSwitch("do_train", "Train"));

    private static Flags parse(String... args) {
        return Flags.parse(KNOWN, args);
    }

    private static void assertRefused(String message, String... args) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> parse(args))
                .withMessage(message);
    }

    @Test
    void aValueComesAfterASpaceOrAnEqualsSign() {
        assertThat(parse("--train_file", "a.csv").text("train_file")).isEqualTo("a.csv");
        assertThat(parse("--train_file=a=b.csv").text("train_file")).isEqualTo("a=b.csv");
    }

    @Test
    void dashesStandForUnderscores() {
        assertThat(parse("--train-file", "a-b.csv").text("train_file")).isEqualTo("a-b.csv");
    }

    @Test
    void aNegativeNumberIsAValue() {
        assertThat(parse("--max_steps", "-1").whole("max_steps")).isEqualTo(-1);
    }

    @Test
    void theLastOfTwoWins() {
        assertThat(parse("--max_steps", "1", "--max_steps", "2").whole("max_steps"))
                .isEqualTo(2);
    }

    @Test
    void whatIsNotGivenHasItsDefault() {
        assertThat(parse().number("learning_rate")).isEqualTo(5e-5);
        assertThat(parse().has("learning_rate")).isFalse();
        assertThat(parse().optional("train_file")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--do_train", "--do_train=True", "--do_train=true", "--do_train=1", "--do-train"})
    void aSwitchIsOn(String arg) {
        assertThat(parse(arg, "--max_steps", "1").is("do_train")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no_do_train", "--no-do-train", "--do_train=False", "--do_train=0", "--max_steps=3"})
    void aSwitchIsOff(String arg) {
        assertThat(parse(arg).is("do_train")).isFalse();
    }

    @Test
    void aSwitchTakesTheWordAfterIt() {
        assertThat(parse("--do_train", "False").is("do_train")).isFalse();
        assertThat(parse("--do_train", "True", "--max_steps", "1").is("do_train"))
                .isTrue();
    }

    @Test
    void aSwitchIsNothingBetweenYesAndNo() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> parse("--do_train", "maybe").is("do_train"))
                .withMessage("--do_train is 'maybe', expected True or False");
    }

    @Test
    void anUnknownFlagIsShownWithCloseOnes() {
        assertRefused("unknown flag --lerning_rate; did you mean --learning_rate?", "--lerning_rate", "1");
        assertRefused("unknown flag --file; did you mean --train_file?", "--file", "a");
        assertRefused("unknown flag --xyzzy; --help lists those there are", "--xyzzy");
        assertRefused("unknown flag --no_train_file; did you mean --train_file?", "--no_train_file");
    }

    @Test
    void aFlagWithoutItsValueIsRefused() {
        assertRefused("--train_file has no value: What to learn from", "--train_file");
        assertRefused("--train_file has no value: What to learn from", "--train_file", "--do_train");
    }

    @Test
    void aWordWithoutAFlagIsRefused() {
        assertRefused("'a.csv' stands alone, expected a flag in front of it, such as --train_file", "a.csv");
    }

    @Test
    void aMissingValueIsSaidWhenItIsNeeded() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> parse().path("train_file"))
                .withMessage("--train_file is missing: What to learn from");
    }

    @ParameterizedTest
    @CsvSource({"1.5, a whole number", "four, a whole number"})
    void whatIsNoNumberIsRefused(String value, String expected) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> parse("--max_steps", value).whole("max_steps"))
                .withMessage("--max_steps is '" + value + "', expected " + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h"})
    void helpIsAlwaysKnown(String arg) {
        assertThat(parse(arg).asksForHelp()).isTrue();
        assertThat(parse().asksForHelp()).isFalse();
    }

    @Test
    void helpHasALineForEachFlag() {
        assertThat(Flags.help(KNOWN).lines())
                .containsExactly(
                        "  --train_file     What to learn from",
                        "  --learning_rate  The highest learning rate (default 5e-5)",
                        "  --max_steps      How many steps (default -1)",
                        "  --do_train       Train");
    }
}
