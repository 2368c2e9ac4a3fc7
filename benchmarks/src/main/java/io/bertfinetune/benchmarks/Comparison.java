package io.bertfinetune.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What all comparisons have in common: the flags, the table and the file of numbers. */
final class Comparison {
    private final List<Option> options = new ArrayList<>();
    private final String name;

    private Comparison(String name, int rounds, Option... own) {
        this.name = name;
        options.add(
                new Option("python", "", "A Python that has torch and transformers; without it the peers do not run"));
        options.addAll(Arrays.asList(own));
        options.add(new Option("rounds", Integer.toString(rounds), "How often each side is measured"));
        options.add(new Option("threads", "2", "With how many threads each side computes"));
        options.add(new Option("json", name.replace(' ', '-') + ".json", "The file to write every number to"));
    }

    /** What a comparison does with its flags; results as they come. */
    @FunctionalInterface
    interface Program {
        List<Results> run(Options options, PrintStream out, PrintStream err) throws IOException;
    }

    /**
     * A suite of this name.
     *
     * @param rounds how often each side is measured unless told otherwise
     * @param own its flags beside those of all
     * @param program measures, prints nothing but what is not in the results
     */
    static Suite suite(String name, String line, int rounds, List<Option> own, Program program) {
        Comparison comparison = new Comparison(name, rounds, own.toArray(Option[]::new));
        return new Suite(name, line, (out, err, flags) -> comparison.run(program, out, err, flags));
    }

    private void run(Program program, PrintStream out, PrintStream err, String... flags) throws IOException {
        if (Arrays.stream(flags).anyMatch(Options::asksForHelp)) {
            out.println(Options.help(options));
            return;
        }
        Options given = Options.parse(options, flags);
        Turns.requirePositive("rounds", given.whole("rounds"));
        Turns.requirePositive("threads", given.whole("threads"));
        python(given).ifPresent(Contestant::requireRuns);
        List<Results> results = program.run(given, out, err);
        Files.writeString(Path.of(given.text("json")), ResultsJson.of(results) + "\n");
        err.println(name + ": every number is in " + given.text("json"));
    }

    static Optional<String> python(Options options) {
        return options.optional("python");
    }
}
