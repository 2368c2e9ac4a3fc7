package io.bertfinetune.benchmarks;

/**
 * One flag a suite knows: {@code --name value}.
 *
 * @param name its name without the two dashes
 * @param initial its value when it is not given; empty for none
 * @param help what it says
 */
record Option(String name, String initial, String help) {
    /** What it says, and its default. */
    String description() {
        return initial.isEmpty() ? help : help + " (default " + initial + ")";
    }
}
