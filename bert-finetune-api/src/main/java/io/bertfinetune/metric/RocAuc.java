package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collector;

/**
 * How well probabilities tell a label from the others, whatever threshold is set: the area under the curve of the true
 * positive rate over the false positive rate, which is the share of pairs of an example with the label and one without in
 * which the first has the higher probability, an equal pair counting half. 1 is perfect, 0.5 is chance; scikit-learn's
 * {@code roc_auc_score}. NaN if a label that is looked at is the truth of no example, or of all.
 *
 * <p>Keeps one number an outcome; {@link #macro} one for each label.
 */
public final class RocAuc implements Metric<Example<?, String>, Classification> {
    private final Optional<String> positiveLabel;

    private RocAuc(Optional<String> positiveLabel) {
        this.positiveLabel = positiveLabel;
    }

    /**
     * One label against all others. Evaluation fails with an {@link IllegalArgumentException} if the task has no such
     * label.
     *
     * @param positiveLabel the label that is to be found
     * @return a metric {@code roc_auc}
     */
    public static RocAuc of(String positiveLabel) {
        return new RocAuc(Optional.of(positiveLabel));
    }

    /**
     * The plain mean over the labels of the task, each against all others; scikit-learn's {@code multi_class="ovr"} with
     * {@code average="macro"}.
     *
     * @return a metric {@code roc_auc}
     */
    public static RocAuc macro() {
        return new RocAuc(Optional.empty());
    }

    @Override
    public String name() {
        return "roc_auc";
    }

    @Override
    public Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, Metrics> collector() {
        return Collector
                .<Outcome<? extends Example<?, String>, ? extends Classification>, Map<String, Ranking>, Metrics>of(
                        LinkedHashMap::new,
                        (rankings, outcome) -> add(rankings, outcome.example().label(), outcome.prediction()),
                        RocAuc::addAll,
                        rankings -> Metrics.of(name(), mean(rankings)));
    }

    private void add(Map<String, Ranking> rankings, String truth, Classification prediction) {
        if (positiveLabel.isPresent()) {
            double probability = PositiveLabel.probability(positiveLabel.get(), prediction);
            ranking(rankings, positiveLabel.get()).add(truth.equals(positiveLabel.get()), probability);
        } else {
            prediction
                    .probabilities()
                    .forEach((label, probability) -> ranking(rankings, label).add(truth.equals(label), probability));
        }
    }

    private static Map<String, Ranking> addAll(Map<String, Ranking> rankings, Map<String, Ranking> others) {
        others.forEach((label, other) -> ranking(rankings, label).addAll(other));
        return rankings;
    }

    private static Ranking ranking(Map<String, Ranking> rankings, String label) {
        return rankings.computeIfAbsent(label, first -> new Ranking());
    }

    private static double mean(Map<String, Ranking> rankings) {
        return rankings.values().stream().mapToDouble(Ranking::rocAuc).average().orElse(Double.NaN);
    }
}
