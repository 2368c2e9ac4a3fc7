package io.bertfinetune.examples;

import io.bertfinetune.model.Trace;
import java.util.List;
import java.util.Locale;

/**
 * An attention head as a picture: a row for each token that looks, a column for each that is looked at, the stronger
 * the colour, the more.
 *
 * @param caption what it shows
 * @param tokens the tokens
 * @param weights {@code [from][to]}, 0 to 1
 */
record HeatMap(String caption, List<String> tokens, double[][] weights) {
    private static final int CELL = 13;
    private static final int LEFT = 76;
    private static final int TOP = 96;
    private static final int GAP = 22;

    /** The attention of one head. */
    static HeatMap of(String caption, Trace trace, int layer, int head) {
        int n = trace.tokens().size();
        double[][] weights = new double[n][n];
        for (int from = 0; from < n; from++) {
            for (int to = 0; to < n; to++) {
                weights[from][to] = InsideBert.weight(trace.attentions().get(layer), head, from, to);
            }
        }
        return new HeatMap(caption, trace.tokens(), weights);
    }

    /** Maps of the same tokens, side by side, as an SVG file that is readable on light and dark pages. */
    static String svg(List<HeatMap> maps) {
        int side = maps.get(0).tokens.size() * CELL;
        int width = LEFT + maps.size() * (side + GAP);
        int height = TOP + side + GAP;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " aria-labelledby=\"title desc\">\n",
                width, height));
        svg.append("<title id=\"title\">Who looks at whom</title>\n<desc id=\"desc\">");
        svg.append(escape("One map for each attention head: rows are the tokens that look, columns the tokens that are"
                + " looked at, the stronger the colour, the more. "
                + String.join("; ", maps.stream().map(HeatMap::caption).toList())
                + "."));
        svg.append("</desc>\n<style>\n")
                .append("  .page { fill: #ffffff } text { font: 10px sans-serif; fill: #1f2328 }\n")
                .append("  .caption { font-size: 12px } .frame { fill: none; stroke: #8c959f }")
                .append(" .cell { fill: #0550ae }\n")
                .append("  @media (prefers-color-scheme: dark) {\n")
                .append("    .page { fill: #0d1117 } text { fill: #e6edf3 } .frame { stroke: #6e7681 }")
                .append(" .cell { fill: #79c0ff }\n")
                .append("  }\n</style>\n")
                .append(String.format("<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", width, height));
        for (int i = 0; i < maps.size(); i++) {
            maps.get(i).draw(svg, LEFT + i * (side + GAP), i == 0);
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, int left, boolean withRowNames) {
        int side = tokens.size() * CELL;
        svg.append(String.format(
                "<text class=\"caption\" x=\"%d\" y=\"18\">%s</text>\n"
                        + "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                left, escape(caption), left, TOP, side, side));
        for (int i = 0; i < tokens.size(); i++) {
            int x = left + i * CELL + CELL - 3;
            svg.append(String.format(
                    "<text transform=\"translate(%d %d) rotate(-60)\">%s</text>\n", x, TOP - 4, escape(tokens.get(i))));
            if (withRowNames) {
                svg.append(String.format(
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
                        left - 6, TOP + i * CELL + CELL - 3, escape(tokens.get(i))));
            }
        }
        for (int from = 0; from < weights.length; from++) {
            for (int to = 0; to < weights.length; to++) {
                if (weights[from][to] >= 0.005) {
                    svg.append(String.format(
                            Locale.ROOT,
                            "<rect class=\"cell\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\""
                                    + " opacity=\"%.2f\"/>\n",
                            left + to * CELL,
                            TOP + from * CELL,
                            CELL,
                            CELL,
                            weights[from][to]));
                }
            }
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
