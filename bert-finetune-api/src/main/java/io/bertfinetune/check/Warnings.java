package io.bertfinetune.check;

import io.bertfinetune.check.DataWarning.Kind;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.task.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What is worth a warning, and in which words. */
final class Warnings {
    private static final double TRUNCATED = 0.01;
    private static final double UNKNOWN = 0.01;
    private static final long IMBALANCE = 10;

    private final Task<?, ?, ?> task;
    private final int maxLength;
    private final List<DataWarning> warnings = new ArrayList<>();

    Warnings(Task<?, ?, ?> task, int maxLength) {
        this.task = task;
        this.maxLength = maxLength;
    }

    List<DataWarning> of(Part<?, ?> train, List<? extends Part<?, ?>> evals) {
        warnings.clear();
        ofTexts(train);
        imbalance(train);
        for (Part<?, ?> eval : evals) {
            ofTexts(eval);
            duplicates(eval, train);
            unseenLabels(eval, train);
        }
        return List.copyOf(warnings);
    }

    private void ofTexts(Part<?, ?> part) {
        PartReport report = part.report();
        if (part.unreadable.count > 0) {
            warn(
                    Kind.UNREADABLE,
                    rows(part.unreadable.count) + " of " + part.name + " cannot be read",
                    part.unreadable.example,
                    "A run stops where it comes to such a row; repair it, or leave it out with filter(…)");
        }
        if (part.empty.count > 0) {
            warn(
                    Kind.EMPTY,
                    texts(part.empty.count) + " of " + part.name + (part.empty.count == 1 ? " is" : " are") + " empty",
                    part.empty.example,
                    "There is nothing to learn from these; leave them out with filter(…)");
        }
        if (report.truncated() >= TRUNCATED) {
            warn(
                    Kind.TRUNCATED,
                    String.format(
                            Locale.ROOT,
                            "%s of %,d of %s (%.1f %%) are longer than maxLength(%d) and lose their end",
                            texts(part.truncated()),
                            report.tokenized(),
                            part.name,
                            100 * report.truncated(),
                            maxLength),
                    part.cut.example,
                    "99 % of the texts have up to " + part.quantile(0.99)
                            + " tokens: open the model with a higher maxLength if it reads more, or shorten the texts"
                            + " yourself, so that what matters stays");
        }
        if (report.unknown() >= UNKNOWN) {
            warn(
                    Kind.UNKNOWN_TOKENS,
                    String.format(
                            Locale.ROOT, "%.1f %% of the tokens of %s are [UNK]", 100 * report.unknown(), part.name),
                    part.unknownToken.example,
                    "The model does not see what stands there; is it a model of this language and script, and is the text"
                            + " decoded as it was written?");
        }
    }

    private void imbalance(Part<?, ?> train) {
        boolean isWeighted = task instanceof SequenceClassification classes
                && !classes.classWeights().isEmpty();
        if (train.labels.isEmpty() || !train.hasClasses() || isWeighted) {
            return;
        }
        Comparator<Map.Entry<String, Part.Label>> byCount = Comparator.comparing(label -> label.getValue().count);
        var least = train.labels.entrySet().stream().min(byCount).orElseThrow();
        var most = train.labels.entrySet().stream().max(byCount).orElseThrow();
        if (most.getValue().count >= IMBALANCE * least.getValue().count) {
            warn(
                    Kind.IMBALANCE,
                    String.format(
                            Locale.ROOT,
                            "label '%s' has %s of %,d in train, '%s' has %,d",
                            least.getKey(),
                            rows(least.getValue().count),
                            train.rows,
                            most.getKey(),
                            most.getValue().count),
                    least.getValue().first,
                    "Accuracy hides how well rare labels do: report F1.macro() or MatthewsCorrelation.of() too, and if they"
                            + " matter, give the task classWeights(…) or find more examples");
        }
    }

    private void duplicates(Part<?, ?> eval, Part<?, ?> train) {
        if (eval.duplicate.count > 0) {
            warn(
                    Kind.DUPLICATE,
                    String.format(
                            Locale.ROOT,
                            "%s of %,d of %s %s in %s too, but for case and white space",
                            texts(eval.duplicate.count),
                            eval.rows,
                            eval.name,
                            eval.duplicate.count == 1 ? "is" : "are",
                            train.name),
                    eval.duplicate.example,
                    "The evaluation measures what was learned by heart; leave them out of one side, or cut the data with"
                            + " splitGrouped(…)");
        }
    }

    private void unseenLabels(Part<?, ?> eval, Part<?, ?> train) {
        if (!train.complete || !train.hasClasses()) {
            return; // it may be in a row that was not read
        }
        Map<String, Part.Label> unseen = new TreeMap<>(eval.labels);
        unseen.keySet().removeAll(train.labels.keySet());
        if (unseen.isEmpty()) {
            return;
        }
        boolean isUnknown = task instanceof SequenceClassification classes
                && !classes.labels().containsAll(unseen.keySet());
        long rows = unseen.values().stream().mapToLong(label -> label.count).sum();
        warn(
                Kind.UNSEEN_LABEL,
                "labels " + unseen.keySet() + " of " + eval.name + " (" + rows(rows) + ") are not in " + train.name,
                unseen.values().iterator().next().first,
                isUnknown
                        ? "They are no labels of the model's task either, so the evaluation will stop there with a"
                                + " DataException; are they written the same way in both files?"
                        : "The model cannot learn them; are they written the same way in both files?");
    }

    private void warn(Kind kind, String found, String example, String advice) {
        warnings.add(new DataWarning(kind, found, example, advice));
    }

    private static String rows(long count) {
        return count(count, "row");
    }

    private static String texts(long count) {
        return count(count, "text");
    }

    private static String count(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }
}
