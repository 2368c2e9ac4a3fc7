package io.bertfinetune.page;

import java.util.List;

/**
 * What the last evaluation of a data set found, label by label.
 *
 * @param set the name of the data set; {@code eval}, {@code eval_<name>} or {@code test}
 * @param step after how many optimizer steps
 * @param labels the labels, in the order of the task
 * @param counts how often the row's label was true and the column's predicted
 * @param mistakes the wrong predictions of the highest loss, worst first
 */
record Judgement(String set, long step, List<String> labels, List<List<Long>> counts, List<Mistake> mistakes) {
    Judgement {
        labels = List.copyOf(labels);
        counts = List.copyOf(counts);
        mistakes = List.copyOf(mistakes);
    }
}
