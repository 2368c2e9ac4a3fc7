package io.bertfinetune.optim;

/**
 * The rule by which gradients change parameters. To write your own, implement the one method:
 *
 * <pre>{@code
 * record Lion(double beta1, double beta2) implements Optimizer {
 *     public Update update(Parameter p) {
 *         Expr m = p.state("exp_avg"), g = p.gradient();
 *         Expr direction = m.times(beta1).plus(g.times(1 - beta1)).sign().plus(p.value().times(p.weightDecay()));
 *         return Update.of(p.value().minus(p.learningRate().times(direction)))
 *                 .state("exp_avg", m.times(beta2).plus(g.times(1 - beta2)));
 *     }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Optimizer {
    /**
     * Says how one parameter is updated. Called once or twice for each parameter when training starts, not at every step;
     * the answer may depend on nothing but the parameter, and asking has no other effect.
     *
     * @param parameter the parameter, its gradient and its states
     * @return their new values
     */
    Update update(Parameter parameter);
}
