package io.bertfinetune.benchmarks;

import java.util.List;

/** Lines of Markdown, one after the other. */
final class MarkdownText {
    private final StringBuilder text = new StringBuilder();

    void line(String line) {
        text.append(line).append('\n');
    }

    /** A row of a table. */
    void row(List<String> cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
