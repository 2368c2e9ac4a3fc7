package io.bertfinetune.ort.training;

import io.bertfinetune.model.Precision;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.heads.TaskHead;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.tokenizer.CloseableTokenizer;
import io.bertfinetune.ort.tokenizer.OrtTokenizers;
import io.bertfinetune.ort.weights.Pretrained;
import io.bertfinetune.ort.weights.WeightLoader;
import io.bertfinetune.task.SequenceClassification;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What opening a model for training is made of, each part timed, in milliseconds. */
public final class StartupParts {
    private final Map<String, Double> ms = new LinkedHashMap<>();
    private long last = System.nanoTime();

    private StartupParts() {}

    /**
     * Opens a model for training, and closes it.
     *
     * @param folder the model's
     * @return the time of each part: {@code engine_ms}, {@code config_ms}, {@code tokenizer_ms}, {@code graph_ms},
     *     {@code weights_ms} and {@code session_ms}
     */
    public static Map<String, Double> of(Path folder) {
        StartupParts parts = new StartupParts();
        parts.open(folder);
        return parts.ms;
    }

    private void open(Path folder) {
        try (OrtEngine engine = OrtEngine.cpu()) {
            done("engine_ms");
            try (Pretrained pretrained = Pretrained.open(folder)) {
                BertConfig config = pretrained.config();
                done("config_ms");
                try (CloseableTokenizer tokenizer =
                        OrtTokenizers.read(pretrained.tokenizerFiles(), pretrained.name())) {
                    tokenizer.padId();
                    done("tokenizer_ms");
                }
                TaskHead<?, ?, ?> head = Heads.of(SequenceClassification.of("0", "1"), config);
                StepGraph graph =
                        StepGraph.training(config, head, Dropout.on(), StepGraph.Form.ROWS_OF_TABLES, name -> true, 0);
                done("graph_ms");
                List<ParameterInfo> parameters = graph.parameters().entrySet().stream()
                        .map(parameter -> new ParameterInfo(
                                parameter.getKey(),
                                parameter.getValue().shape().dims().stream()
                                        .map(dim -> Math.toIntExact(dim.size()))
                                        .toList()))
                        .toList();
                try (ParameterStore values =
                        new ParameterStore(engine, new ParameterStore.Layout(parameters, Set.of()))) {
                    WeightLoader.load(pretrained.name(), pretrained.weights(), parameters, values::write);
                    done("weights_ms");
                }
                try (Executable program = engine.compile(graph.program(), Precision.FLOAT32)) {
                    done("session_ms");
                }
            }
        }
    }

    private void done(String part) {
        long now = System.nanoTime();
        ms.put(part, (now - last) / 1e6);
        last = now;
    }
}
