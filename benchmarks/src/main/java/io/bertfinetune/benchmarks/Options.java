package io.bertfinetune.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The flags of a command line, {@code --name value} or {@code --name=value}; the last of two wins. */
final class Options {
    private final List<Option> known;
    private final Map<String, String> given = new HashMap<>();

    private Options(List<Option> known) {
        this.known = List.copyOf(known);
    }

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException if it has something that is no known flag, or a flag without its value
     */
    static Options parse(List<Option> known, String... args) {
        Options options = new Options(known);
        for (int i = 0; i < args.length; i++) {
            if (!args[i].startsWith("--")) {
                throw new IllegalArgumentException(
                        "'" + args[i] + "' stands alone, expected a flag in front of it" + options.list());
            }
            int equals = args[i].indexOf('=');
            String name = equals < 0 ? args[i].substring(2) : args[i].substring(2, equals);
            options.find(name);
            if (equals < 0 && i + 1 == args.length) {
                throw new IllegalArgumentException("--" + name + " has no value");
            }
            options.given.put(name, equals < 0 ? args[++i] : args[i].substring(equals + 1));
        }
        return options;
    }

    static boolean asksForHelp(String arg) {
        return arg.equals("--help") || arg.equals("-h");
    }

    /** A line for each flag. */
    static String help(List<Option> options) {
        int width = options.stream().mapToInt(o -> o.name().length()).max().orElse(1);
        return options.stream()
                .map(o -> String.format(Locale.ROOT, "  --%-" + width + "s  %s", o.name(), o.description()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    Optional<String> optional(String name) {
        String value = given.getOrDefault(name, find(name).initial());
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /**
     * The value of a flag.
     *
     * @throws IllegalArgumentException if it was not given and has no default
     */
    String text(String name) {
        return optional(name).orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
    }

    int whole(String name) {
        return number(name, Integer::valueOf, "a whole number");
    }

    double number(String name) {
        return number(name, Double::valueOf, "a number");
    }

    private <T> T number(String name, Function<String, T> read, String expected) {
        try {
            return read.apply(text(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " is '" + text(name) + "', expected " + expected, e);
        }
    }

    private Option find(String name) {
        return known.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown flag --" + name + list()));
    }

    private String list() {
        return known.stream().map(option -> "--" + option.name()).collect(Collectors.joining(", ", "; there are ", ""));
    }
}
