package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Score;
import java.util.stream.Collector;

/**
 * The mean of the squared differences between predicted and true numbers; scikit-learn's {@code mean_squared_error}. 0 is perfect, and less is
 * better. NaN if there are no outcomes.
 */
public final class MeanSquaredError implements Metric<Example<?, Double>, Score> {
    private MeanSquaredError() {}

    /**
     * The mean squared error.
     *
     * @return the metric {@code mse}
     */
    public static MeanSquaredError of() {
        return new MeanSquaredError();
    }

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public Collector<Outcome<? extends Example<?, Double>, ? extends Score>, ?, Metrics> collector() {
        return Mean.collector(name(), MeanSquaredError::squaredError);
    }

    @Override
    public boolean greaterIsBetter() {
        return false;
    }

    private static double squaredError(Outcome<? extends Example<?, Double>, ? extends Score> outcome) {
        double error = outcome.prediction().value() - outcome.example().label();
        return error * error;
    }
}
