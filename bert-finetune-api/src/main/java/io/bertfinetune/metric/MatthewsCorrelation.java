package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.stream.Collector;

/**
 * How far predictions and truth go together: 1 is perfect, 0 is chance, −1 always wrong. Fair to rare labels, for any
 * number of labels (Matthews, 1975; Gorodkin, 2004); CoLA's measure, and scikit-learn's {@code matthews_corrcoef}. 0 if
 * all predictions or all truths are of one label.
 */
public final class MatthewsCorrelation implements Metric<Example<?, String>, Classification> {
    private MatthewsCorrelation() {}

    /**
     * The correlation of predictions and truth.
     *
     * @return the metric {@code matthews_correlation}
     */
    public static MatthewsCorrelation of() {
        return new MatthewsCorrelation();
    }

    @Override
    public String name() {
        return "matthews_correlation";
    }

    @Override
    public Collector<Outcome<? extends Example<?, String>, ? extends Classification>, ?, Metrics> collector() {
        return LabelCounts.collector(name(), MatthewsCorrelation::correlation);
    }

    private static double correlation(LabelCounts counts) {
        double total = counts.total();
        double covariance = total * counts.totalHits();
        double ofPredictions = total * total;
        double ofTruths = total * total;
        for (String label : counts.labels()) {
            double predictions = counts.predictions(label);
            double truths = counts.truths(label);
            covariance -= predictions * truths;
            ofPredictions -= predictions * predictions;
            ofTruths -= truths * truths;
        }
        double scale = Math.sqrt(ofPredictions * ofTruths);
        return scale == 0 ? 0 : covariance / scale;
    }
}
