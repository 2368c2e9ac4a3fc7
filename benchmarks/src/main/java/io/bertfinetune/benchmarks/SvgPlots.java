package io.bertfinetune.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.DoubleStream;

/** Plots in rows and columns as one SVG picture, both axes logarithmic: a straight line is a power. */
final class SvgPlots {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 240;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 24;
    private static final int BOTTOM = 48;
    private static final int LEGEND = 28;
    private static final List<String> COLOURS = List.of("#1f6feb", "#d1242f", "#8250df", "#57606a");

    private final StringBuilder svg = new StringBuilder();
    private final List<String> names;

    private SvgPlots(List<String> names) {
        this.names = names;
    }

    /**
     * One plot.
     *
     * @param x what the horizontal axis is
     * @param y what the vertical axis is
     * @param lines the points of each line, all above 0, by its name
     */
    record Plot(String x, String y, Map<String, ? extends SortedMap<Double, Double>> lines) {}

    /** The picture of these rows of plots. */
    static String of(List<List<Plot>> rows) {
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> row.forEach(plot -> names.addAll(plot.lines().keySet())));
        SvgPlots plots = new SvgPlots(List.copyOf(names));
        plots.draw(rows);
        return plots.svg.toString();
    }

    private void draw(List<List<Plot>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int width = columns * WIDTH;
        int height = rows.size() * HEIGHT + LEGEND;
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"11\" fill=\"#24292f\">",
                width, height);
        line("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.get(row).size(); column++) {
                line("<g transform=\"translate(%d %d)\">", column * WIDTH, row * HEIGHT);
                plot(rows.get(row).get(column));
                line("</g>");
            }
        }
        for (int i = 0; i < names.size(); i++) {
            int x = LEFT + i * WIDTH / 2;
            int y = height - LEGEND / 2;
            line("<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"%s\"/>", x, y - 4, colour(names.get(i)));
            line("<text x=\"%d\" y=\"%d\">%s</text>", x + 10, y, escaped(names.get(i)));
        }
        line("</svg>");
    }

    private void plot(Plot plot) {
        line(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 12, escaped(plot.x()));
        line("<text x=\"%d\" y=\"%d\">%s</text>", LEFT, TOP - 10, escaped(plot.y()));
        Collection<? extends SortedMap<Double, Double>> lines = plot.lines().values();
        if (lines.isEmpty()) {
            return;
        }
        Axis x = Axis.of(lines.stream().flatMapToDouble(each -> numbers(each.keySet())), LEFT, WIDTH - RIGHT);
        Axis y = Axis.of(lines.stream().flatMapToDouble(each -> numbers(each.values())), HEIGHT - BOTTOM, TOP);
        line("<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"#57606a\"/>", LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT);
        for (double tick : x.ticks()) {
            line(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x.at(tick), HEIGHT - BOTTOM + 14, label(tick));
        }
        for (double tick : y.ticks()) {
            line("<path d=\"M%d %.1fH%d\" stroke=\"#d0d7de\"/>", LEFT, y.at(tick), WIDTH - RIGHT);
            line("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 6, y.at(tick) + 4, label(tick));
        }
        plot.lines().forEach((name, points) -> points(points, x, y, colour(name)));
    }

    private void points(SortedMap<Double, Double> points, Axis x, Axis y, String colour) {
        List<String> places = new ArrayList<>();
        points.forEach((across, up) -> places.add(String.format(Locale.ROOT, "%.1f,%.1f", x.at(across), y.at(up))));
        line(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                String.join(" ", places), colour);
        points.forEach((across, up) ->
                line("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x.at(across), y.at(up), colour));
    }

    private String colour(String name) {
        return COLOURS.get(names.indexOf(name) % COLOURS.size());
    }

    private void line(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static DoubleStream numbers(Collection<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue);
    }

    private static String label(double tick) {
        return String.format(Locale.ROOT, tick < 1 ? "%.3g" : "%,.0f", tick);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    /**
     * A logarithmic axis between two powers of two.
     *
     * @param low the lower power's exponent
     * @param high the upper power's exponent
     * @param from where the lower lies in the picture
     * @param to where the upper lies
     */
    private record Axis(int low, int high, double from, double to) {
        private static final int MOST_TICKS = 8;

        static Axis of(DoubleStream numbers, double from, double to) {
            var all = numbers.summaryStatistics();
            int low = (int) Math.floor(log(all.getMin()));
            int high = (int) Math.ceil(log(all.getMax()));
            return new Axis(low, Math.max(high, low + 1), from, to);
        }

        double at(double number) {
            return from + (to - from) * (log(number) - low) / (high - low);
        }

        List<Double> ticks() {
            int step = (high - low) / MOST_TICKS + 1;
            List<Double> ticks = new ArrayList<>();
            for (int power = low; power <= high; power += step) {
                ticks.add(Math.scalb(1.0, power));
            }
            return ticks;
        }

        private static double log(double number) {
            return Math.log(number) / Math.log(2);
        }
    }
}
