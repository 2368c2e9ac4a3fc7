package io.bertfinetune.ort.engine;

/** The error function to about 1e-15 (DLMF, chapter 7: a series of positive terms near zero, a continued fraction beyond). */
final class Erf {
    private static final double SWITCH = 2.5;
    private static final int FRACTIONS = 100;

    private Erf() {}

    static double of(double x) {
        double a = Math.abs(x);
        return Math.copySign(a < SWITCH ? series(a) : 1 - complement(a), x);
    }

    /** DLMF 7.6.2. */
    private static double series(double x) {
        double sum = x;
        double term = x;
        for (int n = 1; term > sum * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    /** DLMF 7.9.1, from the innermost fraction out. */
    private static double complement(double x) {
        double fraction = x;
        for (int n = FRACTIONS; n > 0; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
    }
}
