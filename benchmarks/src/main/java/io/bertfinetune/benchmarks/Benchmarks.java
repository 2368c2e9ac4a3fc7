package io.bertfinetune.benchmarks;

import io.bertfinetune.error.BertFineTuneException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Starts a suite by its name: {@code java -jar benchmarks.jar compare step --python python3}. {@code --help} lists the
 * suites, and after a name its flags.
 *
 * <p>The exit code is 0, or 1 where a suite failed, or 2 where the command line cannot be meant.
 */
public final class Benchmarks {
    private static final List<Suite> ALL = List.of(
            CompareStep.suite(),
            CompareEpoch.suite(),
            CompareGrowth.suite(),
            CompareStartup.suite(),
            CompareTokenize.suite(),
            ComparePredict.suite(),
            CompareMemory.suite(),
            DeviceStep.suite(),
            JmhSuite.suite());

    private Benchmarks() {}

    /**
     * Runs a suite.
     *
     * @param args its name, then its flags
     * @throws Exception if it fails in a way that has no short message
     */
    public static void main(String... args) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        int code = run(out, System.err, args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Runs a suite and gives the exit code. */
    static int run(PrintStream out, PrintStream err, String... args) throws Exception {
        if (args.length == 0 || Options.asksForHelp(args[0])) {
            out.println("usage: java -jar benchmarks.jar SUITE [flags]; the flags of each: SUITE --help");
            out.println(list());
            return 0;
        }
        List<String> words = Arrays.asList(args);
        Optional<Suite> found =
                ALL.stream().filter(suite -> suite.isNamedBy(words)).findFirst();
        if (found.isEmpty()) {
            err.println("no suite '" + String.join(" ", args) + "'; there are");
            err.println(list());
            return 2;
        }
        Suite suite = found.get();
        try {
            suite.program().run(out, err, suite.flagsOf(words).toArray(String[]::new));
            return 0;
        } catch (IllegalArgumentException e) {
            err.println(suite.name() + ": " + e.getMessage());
            return 2;
        } catch (SideException | BertFineTuneException e) {
            err.println(suite.name() + ": " + e.getMessage());
            return 1;
        } catch (IOException | UncheckedIOException e) {
            err.println(suite.name() + ": " + e);
            return 1;
        }
    }

    private static String list() {
        return ALL.stream()
                .map(suite -> String.format(Locale.ROOT, "  %-17s %s", suite.name(), suite.line()))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
