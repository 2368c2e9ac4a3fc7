package io.bertfinetune.metric;

/**
 * Pearson's correlation of pairs that come one by one: means, squared deviations and their product are corrected with each
 * pair (Welford, 1962) and merged as Chan, Golub and LeVeque (1979) do. All count from the first pair, so that numbers far
 * from 0 lose no digits.
 */
final class Correlation {
    private long count;
    private double originX;
    private double originY;
    private double meanX;
    private double meanY;
    private double squaresX;
    private double squaresY;
    private double products;

    void add(double x, double y) {
        if (count == 0) {
            originX = x;
            originY = y;
        }
        count++;
        double fromMeanX = x - originX - meanX;
        double fromMeanY = y - originY - meanY;
        meanX += fromMeanX / count;
        meanY += fromMeanY / count;
        double fromNewMeanY = y - originY - meanY;
        squaresX += fromMeanX * (x - originX - meanX);
        squaresY += fromMeanY * fromNewMeanY;
        products += fromMeanX * fromNewMeanY;
    }

    Correlation addAll(Correlation other) {
        if (other.count == 0) {
            return this;
        }
        if (count == 0) {
            return other;
        }
        long both = count + other.count;
        double betweenX = other.originX - originX + other.meanX - meanX;
        double betweenY = other.originY - originY + other.meanY - meanY;
        double share = (double) other.count / both;
        squaresX += other.squaresX + betweenX * betweenX * count * share;
        squaresY += other.squaresY + betweenY * betweenY * count * share;
        products += other.products + betweenX * betweenY * count * share;
        meanX += betweenX * share;
        meanY += betweenY * share;
        count = both;
        return this;
    }

    /** From -1 to 1; NaN if all x or all y are the same. */
    double value() {
        double correlation = products / (Math.sqrt(squaresX) * Math.sqrt(squaresY));
        return Math.max(-1, Math.min(1, correlation));
    }
}
