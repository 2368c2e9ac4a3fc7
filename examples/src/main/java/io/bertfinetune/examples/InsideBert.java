package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Trace;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Text;
import io.bertfinetune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What happens inside a BERT when it reads a sentence: where its weights are, the shapes of what it computes, who looks at
 * whom, and how a word takes its meaning from its sentence. Part 1 of the workshop explains what it prints.
 *
 * <p>It also draws three attention heads, as an SVG picture.
 */
public final class InsideBert {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL,
            Flag.of(
                    "text",
                    "Our friends won't buy this analysis, let alone the next one we propose.",
                    "The sentence to follow"),
            Flag.of("picture", "attention.svg", "The file to draw the attention into"));

    private InsideBert() {}

    /**
     * Runs the example.
     *
     * @param args flags, see {@code --help}
     * @throws IOException if the picture cannot be written
     */
    public static void main(String... args) throws IOException {
        Flags flags = Flags.parse(FLAGS, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(FLAGS));
            return;
        }
        Path pretrained = Shipped.model(flags);
        // #region open
        try (var model = Bert.fromPretrained(pretrained).load(SequenceClassification.of("no", "yes"))) {
            // #endregion open
            System.out.println("-- weights");
            printWeights(model);
            System.out.println("-- flow");
            Trace trace = printFlow(model, flags.text("text"));
            System.out.println("-- attention");
            printAttention(trace);
            System.out.println("-- habits");
            draw(trace, printHabits(trace), flags.path("picture"));
            System.out.println("-- context");
            printContext(model);
            System.out.println("-- answer");
            printAnswer(model, flags.text("text"));
        }
    }

    private static void printWeights(Model<Text, String, Classification> model) {
        // #region weights
        Map<String, Long> weights = new LinkedHashMap<>();
        for (ParameterInfo parameter : model.parameters()) {
            weights.merge(part(parameter), parameter.size(), Long::sum);
        }
        long all = weights.values().stream().mapToLong(Long::longValue).sum();
        weights.forEach((part, numbers) ->
                System.out.printf(Locale.ROOT, "%-13s %,11d  %5.1f %%%n", part, numbers, 100.0 * numbers / all));
        System.out.printf(Locale.ROOT, "%-13s %,11d%n", "together", all);
        // #endregion weights
    }

    // #region part
    /** Which part of BERT a parameter belongs to. */
    static String part(ParameterInfo parameter) {
        if (parameter.isEmbedding()) {
            return "embeddings";
        }
        if (parameter.layer().isEmpty()) {
            return "head";
        }
        return parameter.name().contains(".attention.") ? "attention" : "feed-forward";
    }
    // #endregion part

    private static Trace printFlow(Model<Text, String, Classification> model, String sentence) {
        // #region flow
        Trace trace = model.trace(Text.of(sentence));
        System.out.println(trace.tokens());
        System.out.println("tokens      " + trace.tokens().size());
        System.out.println("embeddings  " + trace.hiddenStates().get(0).shape());
        for (int layer = 0; layer < trace.attentions().size(); layer++) {
            System.out.println("layer " + layer + "     "
                    + trace.hiddenStates().get(layer + 1).shape() + ", attention "
                    + trace.attentions().get(layer).shape());
        }
        System.out.println("logits      " + trace.logits().shape());
        // #endregion flow
        return trace;
    }

    // #region weight
    /** How much of what token {@code from} reads comes from token {@code to}, in one head: 0 to 1. */
    static double weight(Tensor attention, int head, int from, int to) {
        int tokens = attention.shape().get(1);
        return attention.floats().get((head * tokens + from) * tokens + to);
    }
    // #endregion weight

    private static void printAttention(Trace trace) {
        // #region attention
        Tensor attention = trace.attentions().get(0);
        int head = 2;
        for (int from = 0; from < trace.tokens().size(); from++) {
            int most = 0;
            for (int to = 0; to < trace.tokens().size(); to++) {
                if (weight(attention, head, from, to) > weight(attention, head, from, most)) {
                    most = to;
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-9s looks at  %-9s %.2f%n",
                    trace.tokens().get(from),
                    trace.tokens().get(most),
                    weight(attention, head, from, most));
        }
        // #endregion attention
    }

    // #region look
    /** Where a token may look. */
    enum Look {
        BEFORE("the token before"),
        ITSELF("itself"),
        AFTER("the token after"),
        SPECIAL("[CLS] or [SEP]"),
        ELSEWHERE("another token");

        final String name;

        Look(String name) {
            this.name = name;
        }

        static Look of(List<String> tokens, int from, int to) {
            if (isSpecial(tokens.get(to))) {
                return SPECIAL;
            }
            return to == from - 1 ? BEFORE : to == from ? ITSELF : to == from + 1 ? AFTER : ELSEWHERE;
        }

        static boolean isSpecial(String token) {
            return token.equals("[CLS]") || token.equals("[SEP]");
        }
    }
    // #endregion look

    // #region heads
    /** A head, and which share of its attention goes to one place, over all tokens that are not special. */
    record Head(int layer, int number, double share) {
        static List<Head> all(Trace trace, Look look) {
            List<Head> heads = new ArrayList<>();
            for (int layer = 0; layer < trace.attentions().size(); layer++) {
                Tensor attention = trace.attentions().get(layer);
                for (int head = 0; head < attention.shape().get(0); head++) {
                    heads.add(new Head(layer, head, share(trace.tokens(), attention, head, look)));
                }
            }
            return heads;
        }

        private static double share(List<String> tokens, Tensor attention, int head, Look look) {
            double sum = 0;
            int looking = 0;
            for (int from = 0; from < tokens.size(); from++) {
                if (!Look.isSpecial(tokens.get(from))) {
                    looking++;
                    for (int to = 0; to < tokens.size(); to++) {
                        if (Look.of(tokens, from, to) == look) {
                            sum += weight(attention, head, from, to);
                        }
                    }
                }
            }
            return sum / looking;
        }
    }
    // #endregion heads

    private static Map<Look, Head> printHabits(Trace trace) {
        // #region habits
        Map<Look, Head> strongest = new LinkedHashMap<>();
        System.out.println("a token looks at   mean of all heads   most in");
        for (Look look : Look.values()) {
            List<Head> heads = Head.all(trace, look);
            double mean = heads.stream().mapToDouble(Head::share).average().orElseThrow();
            Head most =
                    heads.stream().max(Comparator.comparingDouble(Head::share)).orElseThrow();
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %.2f                layer %d, head %d: %.2f%n",
                    look.name,
                    mean,
                    most.layer(),
                    most.number(),
                    most.share());
            strongest.put(look, most);
        }
        // #endregion habits
        return strongest;
    }

    private static void draw(Trace trace, Map<Look, Head> strongest, Path picture) throws IOException {
        List<HeatMap> maps = new ArrayList<>();
        strongest.forEach((look, head) -> {
            if (look == Look.BEFORE || look == Look.AFTER || look == Look.SPECIAL) {
                String caption = String.format(
                        Locale.ROOT,
                        "layer %d, head %d: %.0f %% at %s",
                        head.layer(),
                        head.number(),
                        100 * head.share(),
                        look.name);
                maps.add(HeatMap.of(caption, trace, head.layer(), head.number()));
            }
        });
        Files.writeString(picture, HeatMap.svg(maps));
        System.out.println("drawn into " + picture);
    }

    private static void printContext(Model<Text, String, Classification> model) {
        // #region context
        String word = "bank";
        List<String> sentences = List.of(
                "The bank raised its interest rates.",
                "My bank charges a fee for every transfer.",
                "We sat on the bank of the river.",
                "They fished from the muddy bank.");
        List<Trace> traces = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (String sentence : sentences) {
            traces.add(model.trace(Text.of(sentence)));
            places.add(tokenAt(model.tokenizer(), sentence, sentence.indexOf(word)));
        }
        System.out.println("after        money, money   river, river   money, river");
        for (int layer = 0; layer < traces.get(0).hiddenStates().size(); layer++) {
            List<float[]> vectors = new ArrayList<>();
            for (int i = 0; i < sentences.size(); i++) {
                vectors.add(vector(traces.get(i), layer, places.get(i)));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %.2f           %.2f           %.2f%n",
                    layer == 0 ? "embeddings" : "layer " + (layer - 1),
                    cosine(vectors.get(0), vectors.get(1)),
                    cosine(vectors.get(2), vectors.get(3)),
                    (cosine(vectors.get(0), vectors.get(2))
                                    + cosine(vectors.get(0), vectors.get(3))
                                    + cosine(vectors.get(1), vectors.get(2))
                                    + cosine(vectors.get(1), vectors.get(3)))
                            / 4);
        }
        // #endregion context
    }

    // #region vector
    /** The token that covers this place of the text. */
    static int tokenAt(Tokenizer tokenizer, String text, int place) {
        List<Encoding.Token> source = tokenizer.encode(text).source();
        int token = 0;
        while (source.get(token).isSpecial() || source.get(token).end() <= place) {
            token++;
        }
        return token;
    }

    /** What a layer made of a token; layer 0 are the embeddings. */
    static float[] vector(Trace trace, int layer, int token) {
        Tensor hidden = trace.hiddenStates().get(layer);
        float[] vector = new float[hidden.shape().get(1)];
        hidden.floats().get(token * vector.length, vector);
        return vector;
    }

    /** How alike two vectors point: 1 the same way, 0 at a right angle. */
    static double cosine(float[] a, float[] b) {
        double product = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squaresOfA += (double) a[i] * a[i];
            squaresOfB += (double) b[i] * b[i];
        }
        return product / Math.sqrt(squaresOfA * squaresOfB);
    }
    // #endregion vector

    private static void printAnswer(Model<Text, String, Classification> model, String sentence) {
        // #region answer
        Classification answer = model.predict(Text.of(sentence));
        for (var label : answer.probabilities().entrySet()) {
            System.out.printf(Locale.ROOT, "%-4s %.2f%n", label.getKey(), label.getValue());
        }
        // #endregion answer
    }
}
