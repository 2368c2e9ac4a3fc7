package io.bertfinetune.experiment;

/**
 * Student's t distribution for a whole number of degrees of freedom, where it is a finite sum: Abramowitz and Stegun,
 * Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
 */
final class StudentT {
    private static final int HALVINGS = 100; // more than a double has bits

    private StudentT() {}

    /** How far from 0, on either side, a variable lies at most with this probability. */
    static double twoSided(double probability, int degreesOfFreedom) {
        double low = 0;
        double high = Math.PI / 2;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (within(middle, degreesOfFreedom) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.sqrt(degreesOfFreedom) * Math.tan(low);
    }

    /** The probability that a variable lies within {@code sqrt(n) tan(angle)} of 0. */
    private static double within(double angle, int n) {
        boolean odd = n % 2 == 1;
        double cosine = Math.cos(angle);
        double term = odd ? cosine : 1;
        double sum = n == 1 ? 0 : term;
        for (int k = odd ? 3 : 2; k <= n - 2; k += 2) {
            term *= cosine * cosine * (k - 1) / k;
            sum += term;
        }
        return odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
    }
}
