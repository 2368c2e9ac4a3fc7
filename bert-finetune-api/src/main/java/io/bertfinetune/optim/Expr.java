package io.bertfinetune.optim;

/**
 * Arithmetic on whole tensors, element by element, written once and run where the engine keeps the numbers. A tensor of
 * fewer or smaller dimensions is repeated to the shape of the other, as in NumPy.
 */
public interface Expr {
    /**
     * The sum.
     *
     * @param other what to add
     * @return this + other
     */
    Expr plus(Expr other);

    /**
     * The difference.
     *
     * @param other what to subtract
     * @return this − other
     */
    Expr minus(Expr other);

    /**
     * The product, element by element.
     *
     * @param other what to multiply by
     * @return this × other
     */
    Expr times(Expr other);

    /**
     * The quotient, element by element.
     *
     * @param other what to divide by
     * @return this ÷ other
     */
    Expr dividedBy(Expr other);

    /**
     * The greater of the two, element by element.
     *
     * @param other what to compare with
     * @return max(this, other)
     */
    Expr max(Expr other);

    /**
     * The sum with a number.
     *
     * @param number what to add to each element
     * @return this + number
     */
    Expr plus(double number);

    /**
     * The product with a number.
     *
     * @param number what to multiply each element by
     * @return this × number
     */
    Expr times(double number);

    /**
     * The greater of each element and a number.
     *
     * @param number what to compare with
     * @return max(this, number)
     */
    Expr max(double number);

    /**
     * The square root of each element.
     *
     * @return √this
     */
    Expr sqrt();

    /**
     * The sign of each element.
     *
     * @return −1, 0 or 1
     */
    Expr sign();

    /**
     * The absolute value of each element.
     *
     * @return |this|
     */
    Expr abs();

    /**
     * The mean along one axis, which stays with length 1.
     *
     * @param axis the axis, from 0; negative ones count from the last
     * @return the means
     */
    Expr mean(int axis);

    /**
     * The mean over all elements.
     *
     * @return one number
     */
    Expr mean();
}
