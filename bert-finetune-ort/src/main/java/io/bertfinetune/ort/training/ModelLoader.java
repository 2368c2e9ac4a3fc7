package io.bertfinetune.ort.training;

import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.model.Model;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.heads.TaskHead;
import io.bertfinetune.ort.heads.TextEncoder;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.tokenizer.CloseableTokenizer;
import io.bertfinetune.ort.tokenizer.OrtTokenizers;
import io.bertfinetune.ort.weights.LoadReport;
import io.bertfinetune.ort.weights.Pretrained;
import io.bertfinetune.ort.weights.WeightLoader;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.Task;
import io.bertfinetune.text.Tokenizer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a pretrained model for a task: reads config, tokenizer and weights, and checks that they belong together. */
public final class ModelLoader {
    private static final Logger LOG = LoggerFactory.getLogger("io.bertfinetune");
    private static final long FIRST_SEED = 42;

    private final Engine engine;

    /**
     * A loader that keeps models in this engine's memory.
     *
     * @param engine where models are kept and run
     */
    public ModelLoader(Engine engine) {
        this.engine = engine;
    }

    /**
     * Opens a model; it closes the engine with itself.
     *
     * @param source where the model is and how it is to be opened
     * @param wanted what it is to do
     * @param <I> input
     * @param <L> label
     * @param <P> prediction
     * @return the model; the caller closes it
     */
    public <I, L, P> Model<I, L, P> load(Backend.Source source, Task<I, L, P> wanted) {
        try (Pretrained pretrained = Pretrained.open(source.path())) {
            BertConfig config = pretrained.config();
            Task<I, L, P> task = Heads.withLabels(wanted, labels -> labels(labels, config, pretrained.name()));
            TaskHead<I, L, P> head = Heads.of(task, config);
            StepGraph prediction = StepGraph.prediction(config, head);
            ParameterStore.Layout layout = layout(prediction);
            Optional<CloseableTokenizer> own = source.tokenizer().isPresent()
                    ? Optional.empty()
                    : Optional.of(OrtTokenizers.read(pretrained.tokenizerFiles(), pretrained.name()));
            Owned opened = new Owned();
            try {
                own.ifPresent(tokenizer -> opened.add(tokenizer, CloseableTokenizer::close));
                Tokenizer tokenizer = source.tokenizer().or(() -> own).orElseThrow();
                requireFits(tokenizer, config, pretrained.name());
                TextEncoder encoder = new TextEncoder(tokenizer, maxLength(source, config));
                ParameterStore values = opened.add(new ParameterStore(engine, layout), ParameterStore::close);
                Set<String> fresh = fill(pretrained, layout, values, config);
                return new OrtModel<>(
                        engine,
                        task,
                        head,
                        config,
                        own,
                        own.isPresent() ? pretrained.tokenizerFiles() : Map.of(),
                        encoder,
                        prediction,
                        layout,
                        values,
                        fresh);
            } catch (RuntimeException | Error e) {
                opened.closeAfter(e);
                throw e;
            }
        }
    }

    /** Where the parameters of a graph lie. */
    static ParameterStore.Layout layout(StepGraph graph) {
        List<ParameterInfo> parameters = graph.parameters().entrySet().stream()
                .map(parameter -> new ParameterInfo(
                        parameter.getKey(),
                        parameter.getValue().shape().dims().stream()
                                .map(dim -> Math.toIntExact(dim.size()))
                                .toList()))
                .toList();
        Set<String> tables = parameters.stream()
                .map(ParameterInfo::name)
                .filter(StepGraph::isTable)
                .collect(Collectors.toSet());
        return new ParameterStore.Layout(parameters, tables);
    }

    /** Copies the weights, and draws what the checkpoint does not bring. */
    private static Set<String> fill(
            Pretrained pretrained, ParameterStore.Layout layout, ParameterStore values, BertConfig config) {
        LoadReport report =
                WeightLoader.load(pretrained.name(), pretrained.weights(), layout.parameters(), values::write);
        Set<String> fresh = new HashSet<>(report.missing());
        Heads.draw(values, fresh, config, FIRST_SEED);
        if (!fresh.isEmpty()) {
            LOG.info(
                    "Some weights were not in {} and start fresh: {}. Train the model before it predicts.",
                    pretrained.name(),
                    report.missing());
        }
        if (!report.unexpected().isEmpty()) {
            LOG.debug("Some weights of {} are not used: {}", pretrained.name(), report.unexpected());
        }
        return fresh;
    }

    /** The labels of the checkpoint where none are asked for or the same are, in the order its classifier has them. */
    private static List<String> labels(List<String> wanted, BertConfig config, String name) {
        List<String> saved = config.id2label();
        if (wanted.isEmpty()) {
            if (saved.size() < 2) {
                throw new ModelFormatException(name + ": config.json names " + saved.size()
                        + " labels; say which ones the task has, SequenceClassification.of(…)");
            }
            return saved;
        }
        if (saved.equals(wanted) || Heads.areUnnamed(saved)) {
            return wanted;
        }
        if (new HashSet<>(saved).equals(new HashSet<>(wanted))) {
            return saved;
        }
        LOG.info("{} was saved with labels {}; it is opened for {}", name, saved, wanted);
        return wanted;
    }

    private static int maxLength(Backend.Source source, BertConfig config) {
        int most = config.maxPositionEmbeddings();
        int length = source.maxLength().orElse(most);
        if (length > most) {
            throw new IllegalArgumentException(
                    "maxLength: " + length + " tokens, expected at most " + most + ", which is all the model can read");
        }
        return length;
    }

    private static void requireFits(Tokenizer tokenizer, BertConfig config, String name) {
        int highest = tokenizer.vocabulary().values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(-1);
        if (highest >= config.vocabSize()) {
            throw new ModelFormatException(
                    name + ": the tokenizer has ids up to " + highest + ", the model's vocabulary" + " ends at "
                            + (config.vocabSize() - 1) + "; they do not belong together");
        }
    }
}
