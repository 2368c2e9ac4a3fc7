package io.bertfinetune.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A command line as Python's argparse reads it: {@code --name value} or {@code --name=value}, with {@code -} or
 * {@code _} between words. A switch may stand alone, as {@code --name}, or as {@code --no_name} for no. The last of two
 * wins.
 */
final class Flags {
    private static final Flag HELP = Flag.ofSwitch("help", "Prints this list");
    private static final Set<String> YES = Set.of("true", "yes", "1", "t", "y");
    private static final Set<String> NO = Set.of("false", "no", "0", "f", "n");

    private final List<Flag> known;
    private final Map<String, String> given = new LinkedHashMap<>();

    private Flags(List<Flag> known) {
        this.known = new ArrayList<>(known);
        this.known.add(HELP);
    }

    /**
     * Reads a command line.
     *
     * @throws UsageException if it has something that is no known flag, or a flag without its value
     */
    static Flags parse(List<Flag> known, String... args) {
        Flags flags = new Flags(known);
        for (int i = 0; i < args.length; i++) {
            boolean isValueNext = i + 1 < args.length && !isFlag(args[i + 1]);
            if (flags.take(args[i], isValueNext ? Optional.of(args[i + 1]) : Optional.empty())) {
                i++;
            }
        }
        return flags;
    }

    /** A line for each flag. */
    static String help(List<Flag> flags) {
        int width = flags.stream().mapToInt(flag -> flag.name().length()).max().orElse(1);
        return flags.stream()
                .map(flag -> String.format(Locale.ROOT, "  --%-" + width + "s  %s", flag.name(), flag.description()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    boolean asksForHelp() {
        return is(HELP.name());
    }

    boolean has(String name) {
        return given.containsKey(name);
    }

    Optional<String> optional(String name) {
        String value = given.getOrDefault(name, find(name).initial());
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    /**
     * The value of a flag.
     *
     * @throws UsageException if it was not given and has no default
     */
    String text(String name) {
        return optional(name)
                .orElseThrow(() -> new UsageException(
                        "--" + name + " is missing: " + find(name).help()));
    }

    Path path(String name) {
        return Path.of(text(name));
    }

    int whole(String name) {
        return number(name, Integer::valueOf, "a whole number");
    }

    double number(String name) {
        return number(name, Double::valueOf, "a number");
    }

    boolean is(String name) {
        String value = text(name).toLowerCase(Locale.ROOT);
        if (!YES.contains(value) && !NO.contains(value)) {
            throw new UsageException("--" + name + " is '" + text(name) + "', expected True or False");
        }
        return YES.contains(value);
    }

    /** Takes a flag; true if it took its value from the argument after it. */
    private boolean take(String arg, Optional<String> next) {
        if (!isFlag(arg)) {
            throw new UsageException("'" + arg + "' stands alone, expected a flag in front of it, such as --"
                    + known.get(0).name());
        }
        int equals = arg.indexOf('=');
        String name = name(equals < 0 ? arg : arg.substring(0, equals));
        Flag flag = find(name);
        if (!flag.name().equals(name)) {
            given.put(flag.name(), "false"); // --no_name
            return false;
        }
        if (equals >= 0) {
            given.put(name, arg.substring(equals + 1));
            return false;
        }
        if (next.isEmpty() && !flag.isSwitch()) {
            throw new UsageException("--" + name + " has no value: " + flag.help());
        }
        given.put(name, next.orElse("true"));
        return next.isPresent();
    }

    private <T> T number(String name, Function<String, T> read, String expected) {
        try {
            return read.apply(text(name));
        } catch (NumberFormatException e) {
            throw new UsageException("--" + name + " is '" + text(name) + "', expected " + expected, e);
        }
    }

    private Flag find(String name) {
        return known.stream()
                .filter(flag -> flag.name().equals(name) || (flag.isSwitch() && name.equals("no_" + flag.name())))
                .findFirst()
                .orElseThrow(() -> new UsageException("unknown flag --" + name + hint(name)));
    }

    private String hint(String name) {
        List<String> close =
                CloseMatches.of(name, known.stream().map(Flag::name).toList());
        return close.isEmpty()
                ? "; --help lists those there are"
                : "; did you mean --" + String.join(" or --", close) + "?";
    }

    private static boolean isFlag(String arg) {
        return arg.equals("-h") || (arg.startsWith("--") && arg.length() > 2);
    }

    private static String name(String arg) {
        return arg.equals("-h") ? HELP.name() : arg.substring(2).replace('-', '_');
    }
}
