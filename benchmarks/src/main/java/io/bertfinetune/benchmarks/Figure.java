package io.bertfinetune.benchmarks;

/**
 * What a suite measures of every side.
 *
 * @param key its name in what sides answer and in JSON
 * @param title its name in a table, with the unit
 * @param better whether sides are compared by it, and how
 */
record Figure(String key, String title, Better better) {
    /** Which of two numbers is the better one. */
    enum Better {
        /** The lower, as of times. */
        LESS,
        /** The higher, as of rates. */
        MORE,
        /** Neither: it is told and not compared. */
        NEITHER
    }

    static Figure less(String key, String title) {
        return new Figure(key, title, Better.LESS);
    }

    static Figure more(String key, String title) {
        return new Figure(key, title, Better.MORE);
    }

    static Figure told(String key, String title) {
        return new Figure(key, title, Better.NEITHER);
    }

    boolean isCompared() {
        return better != Better.NEITHER;
    }

    /** How many times as good the library is as a peer; above 1 the library is better. */
    double ratio(double own, double peer) {
        return better == Better.MORE ? own / peer : peer / own;
    }
}
