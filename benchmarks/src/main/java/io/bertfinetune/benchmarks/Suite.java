package io.bertfinetune.benchmarks;

import java.io.PrintStream;
import java.util.List;

/**
 * Measurements that are asked for by name.
 *
 * @param name one word or more
 * @param line what it measures
 * @param program takes the flags after the name
 */
record Suite(String name, String line, Program program) {
    /** Whether a command line begins with the words of this suite's name. */
    boolean isNamedBy(List<String> commandLine) {
        List<String> words = words();
        return commandLine.size() >= words.size()
                && commandLine.subList(0, words.size()).equals(words);
    }

    /** What a command line has after the name. */
    List<String> flagsOf(List<String> commandLine) {
        return commandLine.subList(words().size(), commandLine.size());
    }

    private List<String> words() {
        return List.of(name.split(" "));
    }

    /** What a suite does; results go to {@code out}, and how far it is to {@code err}. */
    @FunctionalInterface
    interface Program {
        void run(PrintStream out, PrintStream err, String... flags) throws Exception;
    }
}
