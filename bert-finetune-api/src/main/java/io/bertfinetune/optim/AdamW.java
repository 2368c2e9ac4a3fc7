package io.bertfinetune.optim;

/**
 * Adam with bias correction and decoupled weight decay (Loshchilov and Hutter, 2019); the same numbers as
 * {@code torch.optim.AdamW}.
 *
 * @param beta1 decay rate of the mean of the gradients, 0 to below 1
 * @param beta2 decay rate of the mean of their squares, 0 to below 1
 * @param epsilon what is added to the denominator, above 0
 */
public record AdamW(double beta1, double beta2, double epsilon) implements Optimizer {
    /**
     * Checks the ranges.
     *
     * @param beta1 decay rate of the mean of the gradients, 0 to below 1
     * @param beta2 decay rate of the mean of their squares, 0 to below 1
     * @param epsilon what is added to the denominator, above 0
     */
    public AdamW {
        requireRate("beta1", beta1);
        requireRate("beta2", beta2);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("AdamW: epsilon is " + epsilon + ", expected a number above 0");
        }
    }

    /**
     * Hugging Face's defaults: 0.9, 0.999 and 1e-8.
     *
     * @return the optimizer
     */
    public static AdamW defaults() {
        return new AdamW(0.9, 0.999, 1e-8);
    }

    @Override
    public Update update(Parameter p) {
        Expr g = p.gradient();
        Expr m = p.state("exp_avg").times(beta1).plus(g.times(1 - beta1));
        Expr v = p.state("exp_avg_sq").times(beta2).plus(g.times(g).times(1 - beta2));
        // Fraction and denominator both times the correction, a number: nothing else is divided element by element.
        Expr correction = p.biasCorrection(beta2).sqrt();
        Expr stepSize = p.learningRate().times(correction).dividedBy(p.biasCorrection(beta1));
        Expr change = m.times(stepSize).dividedBy(v.sqrt().plus(correction.times(epsilon)));
        return Update.of(p.value().minus(p.weightDecay() == 0 ? change : change.plus(decay(p))))
                .state("exp_avg", m)
                .state("exp_avg_sq", v);
    }

    private static Expr decay(Parameter p) {
        return p.value().times(p.learningRate().times(p.weightDecay()));
    }

    private static void requireRate(String name, double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("AdamW: " + name + " is " + rate + ", expected 0 to below 1");
        }
    }
}
