package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.EventRecorder.Event;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same model, data and arguments as in runs of transformers' Trainer, which golden/trainer_runs.json recorded. */
class HuggingFaceRunsTest {
    private static final JsonObject GOLDEN = golden();

    private final LinearModel model = LinearModel.of(3, "0", "1");
    private final EventRecorder recorder = new EventRecorder();

    @ParameterizedTest
    @MethodSource("runs")
    void eventsComeInTheSameOrderAtTheSameSteps(JsonObject run) {
        trainer(run).train();

        List<String> expected = new ArrayList<>();
        for (JsonElement event : run.getAsJsonArray("events")) {
            JsonArray parts = event.getAsJsonArray();
            expected.add(line(
                    parts.get(0).getAsString(),
                    parts.get(1).getAsLong(),
                    parts.get(2).getAsDouble()));
        }
        assertThat(recorder.events.stream().map(HuggingFaceRunsTest::line)).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void logsHaveTheSameNumbers(JsonObject run) {
        Trainer<?, ?, ?> trainer = trainer(run);

        trainer.train();

        // With groups of unequal size the two means differ by design: ours weighs every item the same.
        boolean sameMean = !run.get("name").getAsString().equals("uneven accumulation");
        List<Map<String, Double>> logs = trainer.state().logHistory().stream()
                .map(log -> withoutSpeed(log, sameMean))
                .toList();
        JsonArray expected = run.getAsJsonArray("logs");
        assertThat(logs).hasSize(expected.size());
        for (int i = 0; i < logs.size(); i++) {
            Map<String, Double> numbers = new TreeMap<>();
            expected.get(i)
                    .getAsJsonObject()
                    .entrySet()
                    .forEach(e -> numbers.put(e.getKey(), e.getValue().getAsDouble()));
            if (!sameMean) {
                numbers.keySet().removeAll(List.of("loss", "train_loss"));
            }
            assertThat(logs.get(i).keySet()).isEqualTo(numbers.keySet());
            logs.get(i).forEach((name, value) -> assertThat(value).as(name).isCloseTo(numbers.get(name), within(1e-6)));
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void weightsEndTheSame(JsonObject run) {
        trainer(run).train();

        JsonArray expected = run.getAsJsonArray("weights");
        for (int i = 0; i < expected.size(); i++) {
            assertThat(model.weights().get(i)).isCloseTo(expected.get(i).getAsDouble(), within(1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void runsAreAsLong(JsonObject run) {
        Trainer<?, ?, ?> trainer = trainer(run);

        trainer.train();

        assertThat(trainer.state().maxSteps()).isEqualTo(run.get("max_steps").getAsLong());
        assertThat(trainer.state().numTrainEpochs())
                .isEqualTo(run.get("num_train_epochs").getAsInt());
    }

    static Stream<Named<JsonObject>> runs() {
        return StreamSupport.stream(GOLDEN.getAsJsonArray("cases").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(run -> Named.of(run.get("name").getAsString(), run));
    }

    private Trainer<?, ?, ?> trainer(JsonObject run) {
        return Trainer.builder()
                .model(model)
                .args(TrainingArguments.fromJson(
                        run.getAsJsonObject("arguments").toString()))
                .trainDataset(data("train"))
                .evalDataset(data("dev"))
                .callbacks(recorder)
                .learningRate(0.5)
                .perDeviceTrainBatchSize(2)
                .perDeviceEvalBatchSize(2)
                .trainSamplingStrategy(Sampler.sequential())
                .build();
    }

    private static IndexedDataset<Example<Text, String>> data(String name) {
        List<Example<Text, String>> examples = new ArrayList<>();
        for (JsonElement row : GOLDEN.getAsJsonArray(name)) {
            String numbers = StreamSupport.stream(
                            row.getAsJsonObject().getAsJsonArray("x").spliterator(), false)
                    .map(JsonElement::getAsString)
                    .collect(Collectors.joining(" "));
            examples.add(Example.of(
                    Text.of(numbers), row.getAsJsonObject().get("label").getAsString()));
        }
        return Dataset.of(examples);
    }

    private static String line(Event event) {
        return line(event.name(), event.globalStep(), event.epoch());
    }

    private static String line(String name, long step, double epoch) {
        return String.format(Locale.ROOT, "%s at step %d, epoch %.4f", name, step, epoch);
    }

    private static Map<String, Double> withoutSpeed(Metrics log, boolean withLoss) {
        Map<String, Double> numbers = new TreeMap<>(log.values());
        numbers.keySet().removeIf(name -> name.endsWith("_runtime") || name.endsWith("_per_second"));
        if (!withLoss) {
            numbers.keySet().removeAll(List.of("loss", "train_loss"));
        }
        return numbers;
    }

    private static JsonObject golden() {
        try (Reader reader = new InputStreamReader(
                HuggingFaceRunsTest.class.getResourceAsStream("/golden/trainer_runs.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
