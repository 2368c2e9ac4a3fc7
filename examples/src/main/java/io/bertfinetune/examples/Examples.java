package io.bertfinetune.examples;

import io.bertfinetune.error.BertFineTuneException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Starts an example by its name: {@code java -jar bert-finetune-examples.jar QuickStart --epochs 2}. Without a name it
 * lists them.
 *
 * <p>The exit code is 0, or 1 where an example failed on a file or on data, or 2 where the command line cannot be
 * meant.
 */
public final class Examples {
    private static final List<Example> ALL = List.of(
            new Example("QuickStart", "teaches MiniLM to sort mails, in a minute or two", QuickStart::main),
            new Example("InsideBert", "what a BERT computes for a sentence, with a picture", InsideBert::main),
            new Example("PreparingText", "tokens, padding, masks, the vocabulary, lengths", PreparingText::main),
            new Example("HandWrittenLoop", "the training loop written out, step by step", HandWrittenLoop::main),
            new Example("LoopReport", "that loop with several seeds: a table and pictures", LoopReport::main),
            new Example("TheTrainer", "the same in a few lines; resume, early stopping", TheTrainer::main),
            new Example(
                    "TrainerTour", "metrics, early stopping, schedules: what a trainer can be told", TrainerTour::main),
            new Example("CheckData", "what is wrong with data, before training on it", CheckData::main),
            new Example("RepeatedRuns", "seeds, a comparison, cross-validation", RepeatedRuns::main),
            new Example("HyperparameterSearch", "which settings do best", HyperparameterSearch::main),
            new Example("LiveRun", "a run to watch in a browser, with its page and model card", LiveRun::main),
            new Example("OwnData", "examples that come from anywhere", OwnData::main),
            new Example(
                    "OwnMetricAndOptimizer",
                    "a metric, an optimizer, a schedule of one's own",
                    OwnMetricAndOptimizer::main),
            new Example(
                    "RunClassification",
                    "the flags and files of Hugging Face's run_classification.py",
                    RunClassification::main),
            new Example("FromHuggingFace", "a script of Hugging Face's Trainer, said in Java", FromHuggingFace::main),
            new Example("PlainOnnxRuntime", "a saved model without this library", PlainOnnxRuntime::main),
            new Example("WebService", "a trained model that answers over HTTP", WebService::main),
            new Example("CudaDoctor", "whether an NVIDIA GPU can be used here, and if not, why", CudaDoctor::main));

    private Examples() {}

    /**
     * Runs an example.
     *
     * @param args its name, then its flags; all take {@code --help}
     * @throws Exception if it fails in a way that has no short message
     */
    public static void main(String... args) throws Exception {
        int code = run(System.out, System.err, args);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Runs an example and gives the exit code. */
    static int run(PrintStream out, PrintStream err, String... args) throws Exception {
        if (args.length == 0) {
            out.println("usage: java -jar bert-finetune-examples.jar NAME [flags]; the flags of each: NAME --help");
            out.println(list());
            return 0;
        }
        Optional<Example> example = ALL.stream()
                .filter(candidate -> candidate.name().equals(args[0]))
                .findFirst();
        if (example.isEmpty()) {
            err.println("no example '" + args[0] + "'; there are");
            err.println(list());
            return 2;
        }
        try {
            example.get().program().run(Arrays.copyOfRange(args, 1, args.length));
            return 0;
        } catch (IllegalArgumentException e) {
            err.println(args[0] + ": " + e.getMessage());
            return 2;
        } catch (BertFineTuneException e) {
            err.println(args[0] + ": " + e.getMessage());
            return 1;
        }
    }

    private static String list() {
        return ALL.stream()
                .map(example -> String.format("  %-22s %s", example.name(), example.line()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private record Example(String name, String line, Program program) {}

    @FunctionalInterface
    private interface Program {
        void run(String... args) throws Exception;
    }
}
