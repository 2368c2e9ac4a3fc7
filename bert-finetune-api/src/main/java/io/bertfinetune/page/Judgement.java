package io.bertfinetune.page;

import java.util.List;

/**
 * What the last evaluation of a data set found, label by label.
 *
 * @param set the name of the data set; {@code eval}, {@code eval_<name>} or {@code test}
 * @param step after how many optimizer steps
 * @param labels the labels, in the order of the task
 * @param cells the cells of the confusion matrix that are not 0; of many labels most are
 * @param mistakes the wrong predictions of the highest loss, worst first
 */
record Judgement(String set, long step, List<String> labels, List<Cell> cells, List<Mistake> mistakes) {
    Judgement {
        labels = List.copyOf(labels);
        cells = List.copyOf(cells);
        mistakes = List.copyOf(mistakes);
    }

    /**
     * How often one label was predicted for another.
     *
     * @param truth the number of the true label
     * @param predicted the number of the predicted one
     * @param count how often
     */
    record Cell(int truth, int predicted, long count) {}
}
