package io.bertfinetune.experiment;

import io.bertfinetune.TrainingArguments;
import java.util.ArrayList;
import java.util.List;

/**
 * Successive halving (Jamieson and Talwalkar, 2016): all trials are trained a little, the best of them longer, the best of
 * those longer still. Does not change.
 *
 * <p>With {@code Halving.epochs(1, 9)} and 27 trials, 27 are trained for one epoch, 9 for three and 3 for nine. A trial that
 * goes on is trained anew, so that its learning rate falls over the whole of its budget; what a trial had learned under a
 * schedule cut short would say little about a longer one. That costs at most half as much again as going on would.
 */
public final class Halving {
    private enum Budget {
        EPOCHS("numTrainEpochs"),
        STEPS("maxSteps");

        private final String argument;

        Budget(String argument) {
            this.argument = argument;
        }
    }

    private final Budget budget;
    private final double least;
    private final double most;
    private final int eta;

    private Halving(Budget budget, double least, double most, int eta) {
        if (!(least > 0 && most >= least && Double.isFinite(most))) {
            throw new IllegalArgumentException(
                    "Halving: the least budget is " + least + " and the most " + most + ", expected 0 < least <= most");
        }
        if (eta < 2) {
            throw new IllegalArgumentException("Halving: eta is " + eta + ", expected 2 or more");
        }
        this.budget = budget;
        this.least = least;
        this.most = most;
        this.eta = eta;
    }

    /**
     * Halving by epochs: it sets {@code numTrainEpochs}.
     *
     * @param least how many the first round has at least, above 0
     * @param most how many the last round has
     * @return the rounds, each three times as long as the one before
     * @throws IllegalArgumentException if these are not such numbers
     */
    public static Halving epochs(double least, double most) {
        return new Halving(Budget.EPOCHS, least, most, 3);
    }

    /**
     * Halving by optimizer steps: it sets {@code maxSteps}.
     *
     * @param least how many the first round has at least, 1 or more
     * @param most how many the last round has
     * @return the rounds, each three times as long as the one before
     * @throws IllegalArgumentException if these are not such numbers
     */
    public static Halving steps(long least, long most) {
        return new Halving(Budget.STEPS, least, most, 3);
    }

    /**
     * By how much rounds differ: the next one is {@code eta} times as long and has one trial of {@code eta}.
     *
     * @param eta 2 or more; 3 unless set
     * @return new rounds
     * @throws IllegalArgumentException if it is below 2
     */
    public Halving eta(int eta) {
        return new Halving(budget, least, most, eta);
    }

    /** The budgets of the rounds, the last of them {@code most}, the first {@code least} or above. */
    List<Double> budgets() {
        List<Double> budgets = new ArrayList<>();
        for (double next = most; next >= least * (1 - 1e-9); next /= eta) {
            budgets.add(0, budget == Budget.STEPS ? (double) Math.round(next) : next);
        }
        return budgets;
    }

    /** How many of so many trials go on, one at least. */
    int survivors(int trials) {
        return Math.max(1, trials / eta);
    }

    /** The argument it sets. */
    String argument() {
        return budget.argument;
    }

    /** Sets the budget of a round, and returns it as the argument's own type. */
    Number apply(double round, TrainingArguments.Builder args) {
        switch (budget) {
            case EPOCHS -> {
                args.numTrainEpochs(round);
                return round;
            }
            case STEPS -> {
                args.maxSteps((long) round);
                return (long) round;
            }
        }
        throw new AssertionError(budget);
    }

    /**
     * Refuses arguments of a trial that say how long it is themselves.
     *
     * @throws IllegalArgumentException if they do
     */
    void requireFree(TrainingArguments base, TrainingArguments drawn) {
        boolean varied = drawn.numTrainEpochs() != base.numTrainEpochs() || drawn.maxSteps() != base.maxSteps();
        if (varied || (budget == Budget.EPOCHS && base.maxSteps() > 0)) {
            throw new IllegalArgumentException("Search: " + this + " sets " + argument() + ", beside "
                    + (varied
                            ? "a space that varies numTrainEpochs or maxSteps"
                            : "maxSteps(" + base.maxSteps() + "), which overrides it")
                    + "; take that out, or search at random");
        }
    }

    /**
     * The rounds.
     *
     * @return {@code Halving[numTrainEpochs 1.0, 3.0, 9.0]}
     */
    @Override
    public String toString() {
        return "Halving[" + argument() + " " + budgets().toString().replaceAll("[\\[\\]]", "") + "]";
    }
}
