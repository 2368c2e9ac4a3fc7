package io.bertfinetune.examples;

import java.util.Locale;

/**
 * A frame in an SVG file with a scale from bottom to top, into which lines, bars and dots are drawn. The same numbers give
 * the same bytes.
 */
final class Chart {
    private static final int TOP = 44;
    private static final int HEIGHT = 220;

    private final StringBuilder svg = new StringBuilder();
    private final int left;
    private final int width;
    private final double low;
    private final double high;
    private final double first;
    private final double last;

    /**
     * An empty frame.
     *
     * @param left where it begins, from the left edge of the picture
     * @param width how wide it is
     * @param low the number at its bottom
     * @param high the number at its top
     * @param first the number at its left
     * @param last the number at its right
     */
    Chart(String caption, int left, int width, double low, double high, double first, double last) {
        this.left = left;
        this.width = width;
        this.low = low;
        this.high = high;
        this.first = first;
        this.last = last;
        text(left, TOP - 20, "caption", "start", caption);
        for (int tick = (int) Math.ceil(low / tick() - 1e-9); tick * tick() <= high + 1e-9; tick++) {
            double value = tick * tick();
            put(
                    "<line class=\"%s\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
                    tick == 0 ? "zero" : "grid", left, y(value), left + width, y(value));
            text(left - 8, y(value) + 4, "", "end", String.format(Locale.ROOT, "%.1f", value));
        }
    }

    /** A whole picture of these charts, readable on light and dark pages. */
    static String picture(String title, String description, int width, Chart... charts) {
        StringBuilder all = new StringBuilder(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " aria-labelledby=\"title desc\">\n<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n",
                width, TOP + HEIGHT + 50, title, description));
        all.append("<style>\n")
                .append("  .page { fill: #ffffff } text { font: 12px sans-serif; fill: #1f2328 }")
                .append(" .caption { font-size: 14px; font-weight: bold }\n")
                .append("  .grid { stroke: #d1d9e0 } .zero { stroke: #59636e }")
                .append(" .one { stroke: #0969da; fill: #0969da } .two { stroke: #bc4c00; fill: #bc4c00 }\n")
                .append(
                        "  path { fill: none !important; stroke-width: 2.5 } .thin { stroke-width: 1; opacity: 0.45 }\n")
                .append("  @media (prefers-color-scheme: dark) {\n")
                .append("    .page { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d }")
                .append(" .zero { stroke: #9198a1 }\n")
                .append("    .one { stroke: #58a6ff; fill: #58a6ff } .two { stroke: #f0883e; fill: #f0883e }\n")
                .append("  }\n</style>\n")
                .append(String.format("<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", width, TOP + HEIGHT + 50));
        for (Chart chart : charts) {
            all.append(chart.svg);
        }
        return all.append("</svg>\n").toString();
    }

    /** A line through these points; classes {@code one} and {@code two} are colours, {@code thin} is thin. */
    void line(String style, double[] xs, double[] ys) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < xs.length; i++) {
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", x(xs[i]), y(ys[i])));
        }
        put("<path class=\"%s\" d=\"%s\"/>", style, path);
    }

    /** A bar from 0. */
    void bar(String style, double x, double y, int barWidth) {
        double top = Math.min(y(y), y(0));
        put(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>",
                style, x(x) - barWidth / 2.0, top, barWidth, Math.abs(y(y) - y(0)));
    }

    void dot(String style, double x, double y) {
        put("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", style, x(x), y(y));
    }

    /** What stands at a place of the scale from left to right. */
    void mark(double x, String label) {
        text(x(x), TOP + HEIGHT + 18, "", "middle", label);
    }

    /** What the scale from left to right counts. */
    void axis(String name) {
        text(left + width / 2.0, TOP + HEIGHT + 38, "", "middle", name);
    }

    /** A sample of a style and its name, the {@code number}th from the top right. */
    void legend(int number, String style, String name) {
        double y = TOP + 12 + 18 * number;
        int x = left + width - 150;
        put("<path class=\"%s\" d=\"M%d %.1fH%d\"/>", style, x, y, x + 20);
        text(x + 26, y + 4, "", "start", name);
    }

    private void text(double x, double y, String style, String anchor, String text) {
        put(
                "<text%s x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                style.isEmpty() ? "" : " class=\"" + style + "\"",
                x,
                y,
                anchor,
                text.replace("&", "&amp;").replace("<", "&lt;"));
    }

    private void put(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private double tick() {
        return high - low <= 1.3 ? 0.2 : high - low <= 3 ? 0.5 : Math.ceil((high - low) / 6);
    }

    private double x(double value) {
        return left + width * (value - first) / (last - first);
    }

    private double y(double value) {
        return TOP + HEIGHT * (high - value) / (high - low);
    }
}
