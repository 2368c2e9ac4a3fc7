package io.bertfinetune;

import com.google.gson.JsonPrimitive;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.task.Task;
import io.bertfinetune.training.TrainerState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model card as the {@code modelcard.py} of transformers 5.18 lays it out: front matter that the Hub reads, results,
 * hyperparameters, a table of the evaluations, and versions.
 */
final class ModelCardText {
    /** The metrics the Hub knows by these names. */
    private static final Set<String> KNOWN_METRICS =
            Set.of("accuracy", "f1", "matthews_correlation", "pearsonr", "precision", "recall", "spearmanr");

    private final ModelCard card;
    private final Task<?, ?, ?> task;
    private final TrainingArguments args;
    private final TrainerState state;
    private final List<String> versions;

    /**
     * The card of a run.
     *
     * @param versions what it ran on, a line each
     */
    ModelCardText(
            ModelCard card, Task<?, ?, ?> task, TrainingArguments args, TrainerState state, List<String> versions) {
        this.card = card;
        this.task = task;
        this.args = args;
        this.state = state;
        this.versions = List.copyOf(versions);
    }

    String text() {
        Map<String, Double> results = results();
        return "---\n" + frontMatter(results) + "---\n\n"
                + "<!-- This model card was written by the Trainer from what it knows. Read it, complete it, and remove this"
                + " comment. -->\n\n"
                + "# " + card.name() + "\n\n"
                + origin() + " on " + card.dataset().map(name -> "the " + name).orElse("an unknown") + " dataset.\n"
                + achieved(results)
                + "\n## Model description\n\nMore information needed\n"
                + "\n## Intended uses & limitations\n\nMore information needed\n"
                + "\n## Training and evaluation data\n\nMore information needed\n"
                + "\n## Training procedure\n"
                + "\n### Training hyperparameters\n\nThe following hyperparameters were used during training:\n"
                + list(hyperparameters())
                + trainingResults()
                + "\n### Framework versions\n\n"
                + versions.stream().map(version -> "- " + version + "\n").collect(Collectors.joining());
    }

    private String origin() {
        return card.baseModel()
                .map(base ->
                        "This model is a fine-tuned version of [" + base + "](https://huggingface.co/" + base + ")")
                .orElse("This model is a BERT fine-tuned");
    }

    private static String achieved(Map<String, Double> results) {
        if (results.isEmpty()) {
            return "";
        }
        Map<String, String> lines = new LinkedHashMap<>();
        results.forEach((name, value) -> lines.put(title(name), rounded(value)));
        return "It achieves the following results on the evaluation set:\n" + list(lines);
    }

    private String frontMatter(Map<String, Double> results) {
        List<String> metrics =
                results.keySet().stream().filter(KNOWN_METRICS::contains).toList();
        StringBuilder yaml = new StringBuilder("library_name: transformers\n");
        card.language().ifPresent(language -> yaml.append(sequence("language", List.of(language))));
        yaml.append("license: ").append(yaml(card.license())).append('\n');
        card.baseModel()
                .ifPresent(
                        base -> yaml.append("base_model: ").append(yaml(base)).append('\n'));
        yaml.append(sequence("tags", card.tags()));
        card.dataset().ifPresent(dataset -> yaml.append(sequence("datasets", List.of(dataset))));
        if (!metrics.isEmpty()) {
            yaml.append(sequence("metrics", metrics));
        }
        yaml.append("model-index:\n- name: ").append(yaml(card.name())).append('\n');
        if (card.dataset().isEmpty() || metrics.isEmpty()) {
            return yaml.append("  results: []\n").toString();
        }
        TaskName name = taskName();
        yaml.append("  results:\n  - task:\n      name: ").append(name.title());
        yaml.append("\n      type: ").append(name.type());
        yaml.append("\n    dataset:\n      name: ").append(yaml(card.dataset().get()));
        yaml.append("\n      type: ").append(yaml(card.dataset().get()));
        yaml.append("\n    metrics:\n");
        results.forEach((metric, value) -> {
            if (KNOWN_METRICS.contains(metric)) {
                yaml.append("    - name: ").append(title(metric));
                yaml.append("\n      type: ").append(metric);
                yaml.append("\n      value: ").append(yaml(value)).append('\n');
            }
        });
        return yaml.toString();
    }

    private record TaskName(String type, String title) {}

    private TaskName taskName() {
        return task.match(new Task.Cases<>() {
            @Override
            public TaskName sequenceClassification(SequenceClassification classification) {
                return new TaskName("text-classification", "Text Classification");
            }
        });
    }

    /** Those Hugging Face lists, under its names. */
    private Map<String, String> hyperparameters() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("learning_rate", number(args.learningRate()));
        all.put("train_batch_size", Integer.toString(args.perDeviceTrainBatchSize()));
        all.put("eval_batch_size", Integer.toString(args.perDeviceEvalBatchSize()));
        all.put("seed", Long.toString(args.seed()));
        if (args.gradientAccumulationSteps() > 1) {
            all.put("gradient_accumulation_steps", Integer.toString(args.gradientAccumulationSteps()));
            all.put(
                    "total_train_batch_size",
                    Long.toString((long) args.perDeviceTrainBatchSize() * args.gradientAccumulationSteps()));
        }
        all.put("optimizer", Settings.nameOf(args.optim()));
        if (args.weightDecay() != 0) {
            all.put("weight_decay", number(args.weightDecay()));
        }
        all.put("lr_scheduler_type", Settings.nameOf(args.lrSchedulerType()));
        if (args.warmupSteps().value() != 0) {
            all.put("lr_scheduler_warmup_steps", number(args.warmupSteps().value()));
        }
        if (args.maxSteps() > 0) {
            all.put("training_steps", Long.toString(args.maxSteps()));
        } else {
            all.put("num_epochs", number(args.numTrainEpochs()));
        }
        if (args.labelSmoothingFactor() != 0) {
            all.put("label_smoothing_factor", number(args.labelSmoothingFactor()));
        }
        if (args.bf16() || args.fp16()) {
            all.put("mixed_precision_training", args.bf16() ? "bf16" : "fp16");
        }
        return all;
    }

    /**
     * The numbers of the model as it is: those of the last evaluation, or, if the best checkpoint was loaded and not
     * evaluated again, those of its evaluation.
     */
    private Map<String, Double> results() {
        Map<Long, Map<String, Double>> training = evaluations(historyOfTraining());
        Map<Long, Map<String, Double>> after = evaluations(state.logHistory()
                .subList(historyOfTraining().size(), state.logHistory().size()));
        if (!after.isEmpty()) {
            return last(after);
        }
        if (args.loadBestModelAtEnd() && state.bestModelCheckpoint().isPresent()) {
            return training.getOrDefault(state.bestGlobalStep().orElseThrow(), Map.of());
        }
        return training.isEmpty() ? Map.of() : last(training);
    }

    /** A row for each evaluation during training. */
    private String trainingResults() {
        Map<Long, Map<String, Double>> evaluations = evaluations(historyOfTraining());
        if (evaluations.isEmpty()) {
            return "";
        }
        Set<String> names = new LinkedHashSet<>();
        evaluations.values().forEach(row -> names.addAll(row.keySet()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.concat(
                        Stream.of("Training Loss", "Epoch", "Step"),
                        names.stream().map(name -> name.equals("loss") ? "Validation Loss" : title(name)))
                .toList());
        evaluations.forEach((step, row) -> rows.add(Stream.concat(
                        Stream.of(trainingLoss(step), rounded(epoch(step)), Long.toString(step)),
                        names.stream().map(name -> row.containsKey(name) ? rounded(row.get(name)) : ""))
                .toList()));
        return "\n### Training results\n\n" + table(rows);
    }

    private String trainingLoss(long step) {
        return historyOfTraining().stream()
                .filter(entry -> entry.has("loss") && entry.get("step") <= step)
                .reduce((earlier, later) -> later)
                .map(entry -> rounded(entry.get("loss")))
                .orElse("No log");
    }

    private double epoch(long step) {
        return historyOfTraining().stream()
                .filter(entry -> isEvaluation(entry) && entry.get("step") == step)
                .map(entry -> entry.get("epoch"))
                .findFirst()
                .orElseThrow();
    }

    private List<Metrics> historyOfTraining() {
        List<Metrics> all = state.logHistory();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).has("train_loss")) {
                return all.subList(0, i);
            }
        }
        return List.of(); // no training, only evaluations
    }

    /** The numbers of evaluations without {@code eval_}, step by step; several data sets stand side by side. */
    private static Map<Long, Map<String, Double>> evaluations(List<Metrics> history) {
        Map<Long, Map<String, Double>> rows = new LinkedHashMap<>();
        for (Metrics entry : history) {
            if (isEvaluation(entry)) {
                Map<String, Double> row = rows.computeIfAbsent((long) entry.get("step"), step -> new LinkedHashMap<>());
                entry.values().forEach((name, value) -> {
                    if (name.startsWith("eval_") && !name.endsWith("_runtime") && !name.endsWith("_per_second")) {
                        row.put(name.substring("eval_".length()), value);
                    }
                });
            }
        }
        return rows;
    }

    private static boolean isEvaluation(Metrics entry) {
        return entry.values().keySet().stream().anyMatch(name -> name.startsWith("eval_"));
    }

    private static Map<String, Double> last(Map<Long, Map<String, Double>> rows) {
        return rows.values().stream().reduce((earlier, later) -> later).orElseThrow();
    }

    private static String table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.get(0).size(); column++) {
            int at = column;
            widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElseThrow());
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                table.append("| ").append(row.get(column));
                table.append(" ".repeat(widths.get(column) - row.get(column).length() + 1));
            }
            table.append("|\n");
            if (row == rows.get(0)) {
                widths.forEach(
                        width -> table.append("|:").append("-".repeat(width)).append(':'));
                table.append("|\n");
            }
        }
        return table.toString();
    }

    private static String list(Map<String, String> lines) {
        return lines.entrySet().stream()
                .map(line -> "- " + line.getKey() + ": " + line.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /** {@code Matthews Correlation} of {@code matthews_correlation}. */
    private static String title(String name) {
        return Stream.of(name.split("_"))
                .map(word -> word.isEmpty()
                        ? word
                        : word.substring(0, 1).toUpperCase(Locale.ROOT)
                                + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }

    /** Four places, as in Hugging Face's cards, where there are more. */
    private static String rounded(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        BigDecimal exact = BigDecimal.valueOf(value);
        return exact.scale() > 4 ? exact.setScale(4, RoundingMode.HALF_EVEN).toPlainString() : exact.toPlainString();
    }

    /** {@code 2e-05}, {@code 0.01}, {@code 3.0}: as Python writes it. */
    private static String number(double value) {
        double size = Math.abs(value);
        if (size == 0 || (size >= 1e-4 && size < 1e16)) {
            return plain(value);
        }
        BigDecimal digits = new BigDecimal(Double.toString(value), MathContext.UNLIMITED).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        return digits.scaleByPowerOfTen(-exponent).toPlainString()
                + String.format(Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** Without an exponent, and with one place at least. */
    private static String plain(double value) {
        BigDecimal digits = BigDecimal.valueOf(value).stripTrailingZeros();
        return digits.setScale(Math.max(1, digits.scale())).toPlainString();
    }

    private static String sequence(String name, List<String> values) {
        return name + ":\n"
                + values.stream().map(value -> "- " + yaml(value) + "\n").collect(Collectors.joining());
    }

    private static String yaml(double value) {
        if (Double.isNaN(value)) {
            return ".nan";
        }
        return Double.isInfinite(value)
                ? (value > 0 ? ".inf" : "-.inf")
                : BigDecimal.valueOf(value).toPlainString();
    }

    /** Plain where YAML takes it for nothing but a string, else between quotes: {@code no} would be false. */
    private static String yaml(String text) {
        boolean isPlain = text.matches("[A-Za-z][A-Za-z0-9]+([ ._/-][A-Za-z0-9]+)*");
        boolean isWord =
                Set.of("yes", "no", "on", "off", "true", "false", "null").contains(text.toLowerCase(Locale.ROOT));
        return isPlain && !isWord ? text : new JsonPrimitive(text).toString();
    }

    /** The versions of this library, of what runs the model, and of Java. */
    static List<String> versions(Class<?> backend) {
        return Stream.of(
                        Optional.of("bert-finetune" + version(ModelCardText.class)),
                        Optional.ofNullable(backend.getPackage().getImplementationTitle())
                                .map(title -> title + version(backend)),
                        Optional.of("Java " + Runtime.version()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static String version(Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        return version == null ? "" : " " + version;
    }
}
