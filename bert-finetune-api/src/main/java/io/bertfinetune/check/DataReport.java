package io.bertfinetune.check;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a {@link DataCheck} found.
 *
 * @param parts what it saw of the training set, then of each evaluation set
 * @param estimate how much work and memory training is
 * @param warnings what to look after before training; empty if nothing
 */
public record DataReport(List<PartReport> parts, RunEstimate estimate, List<DataWarning> warnings) {
    /**
     * Copies the lists.
     *
     * @param parts what it saw of the training set, then of each evaluation set
     * @param estimate how much work and memory training is
     * @param warnings what to look after before training
     */
    public DataReport {
        parts = List.copyOf(parts);
        warnings = List.copyOf(warnings);
    }

    /**
     * What was looked at, in a line a data set, and the estimate.
     *
     * @return the report without its warnings
     */
    public String summary() {
        String read = parts.stream().map(DataReport::line).collect(Collectors.joining("\n"));
        return read + "\nestimate: " + estimate;
    }

    /**
     * The summary and the warnings, for reading.
     *
     * @return lines
     */
    @Override
    public String toString() {
        return summary()
                + warnings.stream()
                        .map(warning -> "\n" + warning.kind() + ": " + warning)
                        .collect(Collectors.joining())
                + (warnings.isEmpty() ? "\nno warnings" : "");
    }

    private static String line(PartReport part) {
        String rows = String.format(
                Locale.ROOT, "%s: %,d rows%s", part.name(), part.rows(), part.complete() ? "" : " of more looked at");
        if (part.tokenized() == 0) {
            return rows;
        }
        return String.format(
                Locale.ROOT,
                "%s; %,d tokenized: %.1f tokens on average, 95 %% up to %d, longest %d; %.1f %% cut, %.1f %% [UNK]",
                rows,
                part.tokenized(),
                part.meanTokens(),
                part.tokens95(),
                part.longest(),
                100 * part.truncated(),
                100 * part.unknown());
    }
}
