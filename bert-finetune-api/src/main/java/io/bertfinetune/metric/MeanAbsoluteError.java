package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Score;
import java.util.stream.Collector;

/**
 * The mean of the differences between predicted and true numbers, without their sign; scikit-learn's {@code mean_absolute_error}. 0 is perfect, and less is
 * better. NaN if there are no outcomes.
 */
public final class MeanAbsoluteError implements Metric<Example<?, Double>, Score> {
    private MeanAbsoluteError() {}

    /**
     * The mean absolute error.
     *
     * @return the metric {@code mae}
     */
    public static MeanAbsoluteError of() {
        return new MeanAbsoluteError();
    }

    @Override
    public String name() {
        return "mae";
    }

    @Override
    public Collector<Outcome<? extends Example<?, Double>, ? extends Score>, ?, Metrics> collector() {
        return Mean.collector(name(), MeanAbsoluteError::absoluteError);
    }

    @Override
    public boolean greaterIsBetter() {
        return false;
    }

    private static double absoluteError(Outcome<? extends Example<?, Double>, ? extends Score> outcome) {
        return Math.abs(outcome.prediction().value() - outcome.example().label());
    }
}
