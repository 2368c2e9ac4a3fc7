package io.bertfinetune.optim;

/**
 * Adafactor (Shazeer and Stern, 2018): of the mean of the squared gradients a matrix keeps one number a row and one a
 * column, so that its state is small. The same numbers as Hugging Face's {@code Adafactor} the way its Trainer uses it,
 * with {@code scale_parameter=False}, {@code relative_step=False} and no first moment.
 *
 * @param epsilon what is added to the squared gradients, above 0; the first of Hugging Face's {@code eps}, whose second
 *     {@code scale_parameter=False} leaves without use
 * @param clipThreshold the root mean square a step, before the learning rate, is scaled down to, above 0
 * @param decayRate how fast the mean forgets, below 0: at step t it keeps 1 − t^decayRate of itself
 */
public record Adafactor(double epsilon, double clipThreshold, double decayRate) implements Optimizer {
    /**
     * Checks the ranges.
     *
     * @param epsilon what is added to the squared gradients, above 0; the first of Hugging Face's {@code eps}, whose
     *     second {@code scale_parameter=False} leaves without use
     * @param clipThreshold the root mean square a step, before the learning rate, is scaled down to, above 0
     * @param decayRate how fast the mean forgets, below 0: at step t it keeps 1 − t^decayRate of itself
     * @throws IllegalArgumentException if one of them is outside its range
     */
    public Adafactor {
        require(epsilon > 0, "epsilon", epsilon, "above 0");
        require(clipThreshold > 0, "clipThreshold", clipThreshold, "above 0");
        require(decayRate < 0, "decayRate", decayRate, "below 0");
    }

    /**
     * Hugging Face's defaults: 1e-30, 1.0 and −0.8.
     *
     * @return the optimizer
     */
    public static Adafactor defaults() {
        return new Adafactor(1e-30, 1.0, -0.8);
    }

    @Override
    public Update update(Parameter p) {
        return p.info().shape().size() >= 2 ? factored(p) : whole(p);
    }

    /** For a matrix: each mean of squares is nearly that of its row times that of its column over that of all. */
    private Update factored(Parameter p) {
        Expr squares = p.gradient().times(p.gradient()).plus(epsilon);
        Expr rows = moved(p, p.state("exp_avg_sq_row", shape(p, 1)), squares.mean(-1)); // […, rows, 1]
        Expr columns = moved(p, p.state("exp_avg_sq_col", shape(p, 2)), squares.mean(-2)); // […, 1, columns]
        Expr root = rows.dividedBy(rows.mean(-2)).sqrt().times(columns.sqrt());
        return update(p, p.gradient().dividedBy(root))
                .state("exp_avg_sq_row", rows)
                .state("exp_avg_sq_col", columns);
    }

    private Update whole(Parameter p) {
        Expr squares = p.gradient().times(p.gradient()).plus(epsilon);
        Expr mean = moved(p, p.state("exp_avg_sq"), squares);
        return update(p, p.gradient().dividedBy(mean.sqrt())).state("exp_avg_sq", mean);
    }

    private Update update(Parameter p, Expr step) {
        Expr rootMeanSquare = step.times(step).mean().sqrt();
        Expr clipped = step.dividedBy(rootMeanSquare.times(1 / clipThreshold).max(1));
        Expr decayed = clipped.plus(p.value().times(p.weightDecay()));
        return Update.of(p.value().minus(p.learningRate().times(decayed)));
    }

    private Expr moved(Parameter p, Expr mean, Expr latest) {
        Expr share = p.stepPower(decayRate);
        return mean.times(share.times(-1).plus(1)).plus(latest.times(share));
    }

    /** The parameter's shape with length 1 on an axis, counted from the last. */
    private static int[] shape(Parameter p, int fromLast) {
        int[] shape = p.info().shape().stream().mapToInt(Integer::intValue).toArray();
        shape[shape.length - fromLast] = 1;
        return shape;
    }

    private static void require(boolean holds, String name, double number, String expected) {
        if (!holds || Double.isInfinite(number)) {
            throw new IllegalArgumentException(
                    "Adafactor: " + name + " is " + number + ", expected a number " + expected);
        }
    }
}
