package io.bertfinetune.optim;

/**
 * Stochastic gradient descent, with or without momentum; the same numbers as {@code torch.optim.SGD} without dampening.
 * Weight decay is added to the gradient, before the momentum.
 *
 * @param momentum how much of the last step goes on, 0 to below 1; with 0 there is no state
 * @param nesterov whether the gradient is taken ahead of the step (Nesterov, 1983); needs momentum
 */
public record Sgd(double momentum, boolean nesterov) implements Optimizer {
    /**
     * Checks the range.
     *
     * @param momentum how much of the last step goes on, 0 to below 1; with 0 there is no state
     * @param nesterov whether the gradient is taken ahead of the step (Nesterov, 1983); needs momentum
     * @throws IllegalArgumentException if the momentum is outside its range, or 0 beside {@code nesterov}
     */
    public Sgd {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("Sgd: momentum is " + momentum + ", expected 0 to below 1");
        }
        if (nesterov && momentum == 0) {
            throw new IllegalArgumentException("Sgd: nesterov beside momentum 0, expected a momentum above 0");
        }
    }

    /**
     * PyTorch's defaults: no momentum.
     *
     * @return the optimizer
     */
    public static Sgd defaults() {
        return new Sgd(0, false);
    }

    @Override
    public Update update(Parameter p) {
        Expr g = p.gradient().plus(p.value().times(p.weightDecay()));
        if (momentum == 0) {
            return Update.of(p.value().minus(p.learningRate().times(g)));
        }
        Expr buffer = p.state("momentum_buffer").times(momentum).plus(g);
        Expr step = nesterov ? g.plus(buffer.times(momentum)) : buffer;
        return Update.of(p.value().minus(p.learningRate().times(step))).state("momentum_buffer", buffer);
    }
}
