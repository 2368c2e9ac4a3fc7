package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.TrainingArguments;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Row;
import io.bertfinetune.error.DataException;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.ProgressCallback;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Trains, evaluates and asks a classifier of texts from the command line, with the flags and the files of Hugging
 * Face's {@code run_classification.py} and {@code run_glue.py}.
 *
 * <pre>
 * java -jar bert-finetune-examples.jar RunClassification --model_name_or_path bert-base-uncased \
 *     --train_file train.csv --validation_file dev.csv --text_column_names sentence --label_column_name label \
 *     --do_train --do_eval --learning_rate 2e-5 --num_train_epochs 3 --per_device_train_batch_size 32 --output_dir out
 * </pre>
 *
 * <p><b>What it does.</b> {@code --do_train} learns from {@code --train_file} and saves the model; {@code --do_eval}
 * (or an {@code --eval_strategy}) measures it on {@code --validation_file}, or on {@code --test_file} if there is none;
 * {@code --do_predict} asks it about {@code --test_file}, whose labels, if any, it does not look at. Without
 * {@code --do_train} the labels are those the model was saved with; with it they are those of the training and
 * validation files, sorted as strings.
 *
 * <p><b>What it writes</b> to {@code --output_dir}: the model; {@code train_results.json}, {@code eval_results.json}
 * and both together in {@code all_results.json}, under Hugging Face's names ({@code train_loss}, {@code eval_accuracy},
 * {@code eval_samples} …); {@code predict_results.txt}, a header {@code index\tprediction} and a line for each text.
 *
 * <p><b>Data.</b> A {@code .csv} file with a line of names, or a {@code .tsv} file, in which quotes mean nothing. Where
 * {@code --text_column_names} has one column, it is the text; two are a pair, as in {@code run_glue.py}, or, with
 * {@code --text_column_delimiter}, joined to one text, as in {@code run_classification.py}. Two flags are this
 * program's own: {@code --column_names} names the columns of a file without a line of names, and {@code --delimiter}
 * says what stands between columns, of which {@code first-space} is for lines of a label, a space, and a text:
 *
 * <pre>
 * --train_file in_domain_train.tsv --column_names source,label,mark,sentence                          (CoLA)
 * --train_file stsa.binary.train --column_names label,sentence --delimiter first-space                (SST-2)
 * </pre>
 *
 * <p><b>Metrics.</b> {@code --metric_name} is {@code accuracy}, {@code f1}, {@code precision}, {@code recall} or
 * {@code matthews_correlation}, or several with commas. The middle three are, of two labels, those of the second one
 * when sorted, as in the scripts ({@code pos_label=1}); of more, where the scripts fail, the mean over labels (macro).
 *
 * <p><b>Training arguments.</b> Every argument of {@link TrainingArguments} is a flag under its name there in snake
 * case.
 *
 * <p><b>Differences.</b> Nothing is downloaded: {@code --model_name_or_path} is a folder of Hugging Face, an
 * {@code .onnx} file or a {@code .jar} that holds one. Batches are padded to their longest text;
 * {@code --pad_to_max_length} gives the same numbers, slower. Training data is shuffled anyway, so that
 * {@code --shuffle_train_dataset} changes nothing, nor does {@code --overwrite_output_dir}, as files of the same names
 * are always replaced. A {@code --max_seq_length} beyond what the model can read is refused, not lowered.
 */
public final class RunClassification {
    private static final List<Flag> SCRIPT_FLAGS = List.of(
            Flag.of(
                    "model_name_or_path",
                    "",
                    "The model: a folder of Hugging Face, an .onnx file or a .jar that holds one"),
            Flag.of("train_file", "", "What to learn from, a .csv or .tsv file"),
            Flag.of("validation_file", "", "What to evaluate on"),
            Flag.of("test_file", "", "What to predict"),
            Flag.of("text_column_names", "", "The column of the text; several with commas"),
            Flag.of("text_column_delimiter", "", "Joins several text columns to one text; without it two are a pair"),
            Flag.of("label_column_name", "label", "The column of the label"),
            Flag.of("column_names", "", "Own flag: the columns of files without a line of names, with commas"),
            Flag.of(
                    "delimiter",
                    "",
                    "Own flag: comma, tab, semicolon or first-space; goes by the file's name unless given"),
            Flag.of("max_seq_length", "128", "How many tokens of a text are read"),
            Flag.ofSwitch("pad_to_max_length", "Pad to max_seq_length and not to the longest of a batch"),
            Flag.of(
                    "metric_name",
                    "accuracy",
                    "accuracy, f1, precision, recall, matthews_correlation; several with commas"),
            Flag.of("max_train_samples", "", "Train on this many of the first rows"),
            Flag.of("max_eval_samples", "", "Evaluate on this many of the first rows"),
            Flag.of("max_predict_samples", "", "Predict this many of the first rows"),
            Flag.ofSwitch("do_train", "Train, and save the model"),
            Flag.ofSwitch("do_eval", "Evaluate"),
            Flag.ofSwitch("do_predict", "Predict"),
            Flag.ofSwitch("shuffle_train_dataset", "Accepted; training data is shuffled anyway"),
            Flag.ofSwitch("overwrite_output_dir", "Accepted; files of the same names are always replaced"));

    private final Flags flags;
    private final TrainingArguments args;
    private final TableFile table;

    private RunClassification(Flags flags) {
        this.flags = flags;
        this.args = TrainingFlags.read(flags);
        this.table = new TableFile(flags.optional("delimiter").orElse(""), list("column_names"));
    }

    /**
     * Runs the program.
     *
     * @param args flags, see {@code --help}
     */
    public static void main(String... args) {
        List<Flag> known = Stream.concat(SCRIPT_FLAGS.stream(), TrainingFlags.all().stream())
                .toList();
        Flags flags = Flags.parse(known, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(known));
            return;
        }
        new RunClassification(flags).run();
    }

    private void run() {
        boolean doTrain = flags.is("do_train");
        boolean doEval = flags.is("do_eval") || args.evalStrategy() != IntervalStrategy.NO;
        boolean doPredict = flags.is("do_predict");
        if (!doTrain && !doEval && !doPredict) {
            throw new UsageException("nothing to do; say --do_train, --do_eval or --do_predict");
        }
        if (flags.is("overwrite_output_dir")) {
            System.out.println("--overwrite_output_dir changes nothing: files of the same names are always replaced");
        }
        List<Example<Text, String>> noExamples = List.of();
        var train = doTrain ? examples("train_file") : Dataset.of(noExamples);
        var validation = doEval ? examples(validationFlag()) : Dataset.of(noExamples);
        List<Text> test = doPredict ? texts("test_file") : List.of();
        ResultFiles results = new ResultFiles(OutputFolder.make(args.outputDir()));

        try (var model = Bert.fromPretrained(flags.path("model_name_or_path"))
                .maxLength(flags.whole("max_seq_length"))
                .load(doTrain ? labels(train, validation) : SequenceClassification.saved())) {
            train = limit(train, "max_train_samples");
            validation = limit(validation, "max_eval_samples");
            var trainer = trainer(model, train, validation);
            if (doTrain) {
                results.save("train", trainer.train().metrics(), train.count());
                trainer.saveModel(args.outputDir());
            }
            if (doEval) {
                results.save("eval", trainer.evaluate(), validation.count());
            }
            if (doPredict) {
                results.savePredictions(model.predictAll(test));
            }
        }
        System.out.println("results are in " + args.outputDir());
    }

    /** A trainer for this data, of which either part may be empty. */
    private Trainer<Text, String, Classification> trainer(
            Model<Text, String, Classification> model,
            IndexedDataset<Example<Text, String>> train,
            IndexedDataset<Example<Text, String>> validation) {
        Padding padding = flags.is("pad_to_max_length") ? Padding.MAX_LENGTH : Padding.LONGEST;
        var builder = Trainer.builder()
                .model(model)
                .args(args)
                .dataCollator(model.collator(padding))
                .callbacks(ProgressCallback.lines(System.out));
        if (train.count() > 0) {
            builder.trainDataset(train);
        }
        if (validation.count() > 0) {
            builder.evalDataset(validation);
        }
        if (!args.predictionLossOnly()) {
            List<String> labels = ((SequenceClassification) model.task()).labels();
            list("metric_name").forEach(name -> builder.computeMetrics(ScriptMetrics.of(name, labels)));
        }
        return builder.build();
    }

    /** The labels of both files, sorted; one that only the validation file has is told of, and cannot be learned. */
    private static SequenceClassification labels(
            IndexedDataset<Example<Text, String>> train, IndexedDataset<Example<Text, String>> validation) {
        Set<String> labels = new TreeSet<>(train.stream().map(Example::label).toList());
        List<String> unseen = validation.stream()
                .map(Example::label)
                .distinct()
                .filter(label -> !labels.contains(label))
                .sorted()
                .toList();
        if (!unseen.isEmpty()) {
            System.out.println("labels of the validation file that the training file does not have: " + unseen);
        }
        labels.addAll(unseen);
        return SequenceClassification.of(List.copyOf(labels));
    }

    private String validationFlag() {
        if (flags.has("validation_file") || !flags.has("test_file")) {
            return "validation_file";
        }
        System.out.println("no --validation_file; evaluating on --test_file");
        return "test_file";
    }

    private IndexedDataset<Example<Text, String>> examples(String flag) {
        Path file = flags.path(flag);
        IndexedDataset<Row> rows = table.read(file);
        if (rows.count() == 0) {
            throw new DataException(file + ": no rows");
        }
        TextColumns text = textColumns(rows);
        String label = flags.text("label_column_name");
        return rows.map(row -> Example.of(text.of(row), row.get(label)));
    }

    private List<Text> texts(String flag) {
        IndexedDataset<Row> rows = table.read(flags.path(flag));
        return limit(rows, "max_predict_samples").map(textColumns(rows)::of).stream()
                .toList();
    }

    private TextColumns textColumns(IndexedDataset<Row> rows) {
        List<String> names = list("text_column_names");
        return new TextColumns(
                names.isEmpty() ? TextColumns.guess(rows, flags.text("label_column_name")) : names,
                flags.optional("text_column_delimiter"));
    }

    private <E> IndexedDataset<E> limit(IndexedDataset<E> data, String flag) {
        return flags.has(flag) ? data.limit(flags.whole(flag)) : data;
    }

    private List<String> list(String flag) {
        return flags.optional(flag).map(names -> List.of(names.split(","))).orElse(List.of());
    }
}
