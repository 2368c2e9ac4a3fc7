package io.bertfinetune.optim;

/** One trainable tensor as an {@link Optimizer} sees it while its update is being built. */
public interface Parameter {
    /**
     * What is known of it apart from its numbers.
     *
     * @return name and shape
     */
    ParameterInfo info();

    /**
     * Its value before the update.
     *
     * @return a tensor of the parameter's shape
     */
    Expr value();

    /**
     * Its gradient: the mean over the items seen since the gradients were reset, clipped.
     *
     * @return a tensor of the parameter's shape
     */
    Expr gradient();

    /**
     * The learning rate of this step, times the scale {@link ParameterGroups} has for this parameter.
     *
     * @return one number
     */
    Expr learningRate();

    /**
     * The weight decay of this parameter: that of the run, or 0 for biases, LayerNorms and others that
     * {@link ParameterGroups} keeps from decaying.
     *
     * @return the decay
     */
    double weightDecay();

    /**
     * What Adam divides its moments by: 1 − beta^t, t counting steps from 1.
     *
     * @param beta the decay rate of the moment, 0 to below 1
     * @return one number
     */
    Expr biasCorrection(double beta);

    /**
     * A power of the number of this step, for rates that change as training goes on: t^exponent, t counting from 1.
     *
     * @param exponent the exponent, a finite number; 1 gives the number of the step itself
     * @return one number
     */
    Expr stepPower(double exponent);

    /**
     * A state of the parameter's shape kept between steps, 0 at the start, saved in checkpoints under this name.
     *
     * @param name the state's name, {@code exp_avg} for instance
     * @return its value before the update
     */
    Expr state(String name);

    /**
     * A state with a shape of its own kept between steps, 0 at the start.
     *
     * @param name the state's name
     * @param shape its dimensions
     * @return its value before the update
     */
    Expr state(String name, int... shape);
}
