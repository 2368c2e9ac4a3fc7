package io.bertfinetune.benchmarks;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.training.OtherTraining;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How long a training step takes, beside Hugging Face transformers on PyTorch. Every side is a process with the same
 * weights, tokens, labels, settings and threads; all are warm, and one is asked at a time, in turn.
 */
final class CompareStep {
    /** How far losses may lie apart, as a share, before any training and without dropout. */
    private static final double SAME_LOSS = 1e-4;

    private static final List<Figure> FIGURES =
            List.of(Figure.less("ms", "step, ms"), Figure.told("processor_ms", "processor time, ms"));

    private static final List<Option> OPTIONS = List.of(
            new Option("model", "minilm", "minilm, base, large or tiny; minilm/12 is MiniLM of 12 layers"),
            new Option("shapes", "16x128,32x64,8x256", "How many examples of how many tokens make a step"),
            new Option("warmup", "10", "How many steps each side takes before it is measured"),
            new Option("precision", "float32", "That of the library's matrix products: float32 or bfloat16"),
            new Option("peers", "", "Which of " + Rival.names() + "; unless given, those of the precision"),
            new Option(
                    "together",
                    "",
                    "all: every side is alive; two: never more than one peer beside the library,"
                            + " as is done for base and large unless told otherwise"),
            new Option("max-grad-norm", "1.0", "What gradients are clipped to; 0 for no clipping"));

    private CompareStep() {}

    static Suite suite() {
        return Comparison.suite(
                "compare step", "one training step, beside transformers on PyTorch", 9, OPTIONS, CompareStep::run);
    }

    private static List<Results> run(Options options, PrintStream out, PrintStream err) throws IOException {
        BertSize model = BertSize.of(options.text("model"));
        Precision precision = Precisions.of(options.text("precision"));
        List<Rival> rivals = rivals(options, precision);
        boolean inPairs = inPairs(options, model);
        List<StepWork> works = StepShape.list(options.text("shapes")).stream()
                .map(shape -> StepWork.of(
                        model,
                        shape.batch(),
                        shape.length(),
                        options.whole("threads"),
                        options.number("max-grad-norm")))
                .toList();
        List<Results> all = new ArrayList<>();
        for (StepWork work : works) {
            Results results;
            try (TemporaryFolder folder = new TemporaryFolder()) {
                work.writeTo(folder.path());
                Turns turns = new Turns(
                        options.whole("warmup"),
                        options.whole("rounds"),
                        inPairs,
                        Map.of("loss_before_training", SAME_LOSS),
                        folder.path(),
                        err);
                List<Contestant> sides =
                        contestants(work, precision, rivals, Comparison.python(options), folder.path());
                results = new Results(
                        "compare step",
                        String.format(
                                Locale.ROOT,
                                "One training step: %s, %d × %d tokens",
                                model.title(),
                                work.batch(),
                                work.length()),
                        method(work, turns),
                        work,
                        FIGURES,
                        Machine.here(),
                        turns.measure(sides));
            }
            out.print(ResultsTable.of(results));
            all.add(results);
        }
        return all;
    }

    private static List<Contestant> contestants(
            StepWork work, Precision precision, List<Rival> rivals, Optional<String> python, Path folder) {
        List<Contestant> sides = new ArrayList<>();
        Contestant own = Contestant.own(
                OwnSide.NAME + (precision == Precision.FLOAT32 ? "" : ", " + Precisions.name(precision)),
                folder,
                work.threads(),
                "step",
                Precisions.name(precision));
        sides.add(precision == Precision.FLOAT32 ? own : own.optional());
        rivals.forEach(rival -> sides.add(rival.contestant(python, folder, work.threads(), precision)));
        return sides;
    }

    private static List<Rival> rivals(Options options, Precision precision) {
        return options.optional("peers")
                .map(names -> Arrays.stream(names.split(",")).map(Rival::of).toList())
                .orElse(Rival.of(precision));
    }

    private static boolean inPairs(Options options, BertSize model) {
        return switch (options.optional("together").orElse(model.isBig() ? "two" : "all")) {
            case "all" -> false;
            case "two" -> true;
            default ->
                throw new IllegalArgumentException(
                        "together is '" + options.text("together") + "', expected all or two");
        };
    }

    private static String method(StepWork work, Turns turns) {
        return String.format(
                Locale.ROOT,
                "Forward, backward, %s and AdamW on every weight; dropout 0.1, no padding, %d %s. Each side took %d steps to"
                        + " warm up, then one in each of %d rounds, one side at a time%s.",
                work.maxGradNorm() > 0
                        ? String.format(Locale.ROOT, "clipping to a norm of %s", work.maxGradNorm())
                        : "no clipping",
                work.threads(),
                work.threads() == 1 ? "thread" : "threads",
                turns.warmup(),
                turns.rounds(),
                turns.inPairs() ? "; each peer alone beside the library" : "");
    }

    /** What a step is compared with. */
    private enum Rival {
        /** Attention by {@code torch.nn.functional.scaled_dot_product_attention}, Hugging Face's default. */
        SDPA("PyTorch SDPA", "step", "sdpa", "float32"),
        /** Attention written out. */
        EAGER("PyTorch eager", "step", "eager", "float32"),
        /** SDPA through {@code torch.compile}. */
        COMPILE("PyTorch compile", "step", "compile", "float32"),
        /** SDPA under {@code torch.autocast} in bfloat16. */
        SDPA_BF16("PyTorch SDPA bf16", "step", "sdpa", "bfloat16"),
        /** Attention written out, under {@code torch.autocast} in bfloat16. */
        EAGER_BF16("PyTorch eager bf16", "step", "eager", "bfloat16"),
        /** The library itself, with a last layer that computes every token, as PyTorch's does. */
        WHOLE("bert-finetune, whole last layer", "other-step", OtherTraining.WHOLE_LAST_LAYER.name()),
        /** The library itself without oneDNN. */
        PLAIN("bert-finetune on ONNX Runtime alone", "other-step", OtherTraining.ONNX_RUNTIME_ALONE.name()),
        /** The step's matrix products alone, in float32, by this library's engine. */
        FLOOR("matrix products alone", "products");

        private final String title;
        private final String[] work;

        Rival(String title, String... work) {
            this.title = title;
            this.work = work;
        }

        static Rival of(String name) {
            return Arrays.stream(values())
                    .filter(each -> each.key().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("peers has '" + name + "', expected some of " + names()));
        }

        static List<Rival> of(Precision precision) {
            return precision == Precision.FLOAT32
                    ? List.of(SDPA, EAGER, COMPILE, FLOOR)
                    : List.of(SDPA_BF16, EAGER_BF16);
        }

        static String names() {
            return Arrays.stream(values()).map(Rival::key).collect(Collectors.joining(","));
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        Contestant contestant(Optional<String> python, Path folder, int threads, Precision precision) {
            return switch (this) {
                case FLOOR -> Contestant.own(title, folder, threads, work).optional();
                case WHOLE, PLAIN ->
                    Contestant.own(title, folder, threads, work[0], work[1], Precisions.name(precision))
                            .optional();
                default -> Contestant.peer(title, python, folder, threads, work);
            };
        }
    }
}
