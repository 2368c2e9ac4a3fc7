package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarksTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helpListsTheSuites() throws Exception {
        int code = run("--help");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("compare step", "jmh");
    }

    @Test
    void helpOfASuiteListsItsFlags() throws Exception {
        int code = run("compare", "step", "--help");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--python", "--rounds", "(default 9)");
    }

    @Test
    void anUnknownSuiteIsNamed() throws Exception {
        int code = run("compare", "nothing");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no suite 'compare nothing'", "compare step");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--model=huge",
                "--shapes=16-128",
                "--precision=half",
                "--peers=keras",
                "--together=three",
                "--rounds=0",
                "--threads=x",
                "--max-grad-norm=-1"
            })
    void aFlagThatCannotBeMeantIsNamed(String flag) throws Exception {
        int code = run("compare", "step", flag);

        String name = flag.substring(2, flag.indexOf('='));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(name + " ").contains("expected");
    }

    private int run(String... args) throws Exception {
        return Benchmarks.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                args);
    }
}
