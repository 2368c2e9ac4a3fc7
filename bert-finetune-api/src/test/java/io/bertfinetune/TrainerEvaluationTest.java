package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.error.BertFineTuneException;
import io.bertfinetune.error.DataException;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.ConfusionMatrix;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.model.Precision;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrainerEvaluationTest {
    private final LinearModel model = Numbers.model();

    @Test
    void dataWithoutExamplesIsADataException() {
        var trainer = Trainer.builder().model(Numbers.model()).build();

        for (Dataset<Example<Text, String>> none :
                List.<Dataset<Example<Text, String>>>of(Dataset.of(List.of()), () -> Stream.of())) {
            assertThatThrownBy(() -> trainer.evaluate(none)).isInstanceOf(DataException.class);
            assertThatThrownBy(() -> trainer.predict(none)).isInstanceOf(DataException.class);
        }
    }

    @Test
    void evaluationReportsLossMetricsSpeedAndEpoch() {
        var trainer = builder().evalDataset(Numbers.signs(5)).build();

        Metrics metrics = trainer.evaluate();

        assertThat(metrics.values().keySet())
                .containsExactly(
                        "eval_loss",
                        "eval_accuracy",
                        "eval_runtime",
                        "eval_samples_per_second",
                        "eval_steps_per_second",
                        "epoch");
        assertThat(metrics.get("eval_loss")).isCloseTo(Math.log(2), within(1e-12));
        assertThat(metrics.get("eval_samples_per_second") * metrics.get("eval_runtime"))
                .isCloseTo(5, within(1e-6));
    }

    @Test
    void evaluationsAndPredictionsAreInFloat32UnlessBfloat16IsAskedFor() {
        model.in(Precision.FLOAT32, Precision.BFLOAT16);

        builder().bf16(true).build().evaluate(Numbers.signs(5));
        assertThat(model.evaluatedIn).containsExactly(Precision.FLOAT32);

        model.evaluatedIn.clear();
        builder().bf16FullEval(true).build().evaluate(Numbers.signs(5));
        builder().bf16FullEval(true).build().predict(Numbers.signs(5));
        assertThat(model.evaluatedIn).containsExactly(Precision.BFLOAT16);
    }

    @Test
    void batchesHaveTheEvaluationsSizeAndTheOrderOfTheData() {
        List<Example<Text, String>> seen = new ArrayList<>();
        var trainer =
                builder().perDeviceEvalBatchSize(2).computeMetrics(seeing(seen)).build();

        trainer.evaluate(Numbers.signs(5));

        assertThat(model.evaluated).containsExactly(2, 2, 1);
        assertThat(seen).isEqualTo(Numbers.list(5));
    }

    @Test
    void theLossIsTheMeanOverItems() {
        LinearModel words = model.items(text -> LinearModel.numbers(text)[0]);
        Dataset<Example<Text, String>> data = Dataset.of(List.of(
                Example.of(Text.of("1 0"), "plus"),
                Example.of(Text.of("2 0"), "minus"),
                Example.of(Text.of("7 0"), "plus")));
        Trainer.builder()
                .model(words)
                .trainDataset(data)
                .learningRate(0.1)
                .numTrainEpochs(1)
                .build()
                .train();

        double atOnce = evalLoss(words, 3, data);
        double oneByOne = evalLoss(words, 1, data);

        assertThat(oneByOne).isCloseTo(atOnce, within(1e-12));
        double first = evalLoss(words, 1, Dataset.of(data.stream().toList().subList(0, 1)));
        assertThat(first).isNotCloseTo(atOnce, within(1e-3));
    }

    private static double evalLoss(LinearModel model, int batch, Dataset<Example<Text, String>> data) {
        return Trainer.builder()
                .model(model)
                .perDeviceEvalBatchSize(batch)
                .build()
                .evaluate(data)
                .get("eval_loss");
    }

    @Test
    void outcomesGoToTheCollectorAsTheyCome() {
        List<String> order = new ArrayList<>();
        Dataset<Example<Text, String>> data = () -> Numbers.list(150).stream().peek(e -> order.add("read"));
        Collector<Outcome<? extends Example<Text, String>, ? extends Classification>, ?, Double> collector =
                Collector.of(() -> new double[1], (sum, o) -> order.add("scored"), (a, b) -> a, sum -> 0.0);
        var trainer = builder()
                .perDeviceEvalBatchSize(2)
                .dataloaderPrefetchFactor(0)
                .computeMetrics(Metric.of("streamed", collector))
                .build();

        trainer.evaluate(data);

        assertThat(order.indexOf("scored"))
                .as("the first score, before more than a window of 50 batches is read")
                .isLessThanOrEqualTo(101);
        assertThat(order.stream().filter("scored"::equals)).hasSize(150);
    }

    @Test
    void batchesAreOfSimilarLengthAndOutcomesInTheOrderOfTheData() {
        List<Example<Text, String>> examples = ofManyLengths(250);
        for (Dataset<Example<Text, String>> data : List.of(Dataset.of(examples), stream(examples))) {
            List<List<Integer>> batches = new ArrayList<>();
            List<Example<Text, String>> seen = new ArrayList<>();
            List<Outcome<Example<Text, String>, Classification>> outcomes = new ArrayList<>();
            TextLengths lengths = new TextLengths(model);
            var trainer = builder()
                    .perDeviceEvalBatchSize(2)
                    .dataCollator(new Collator<>() {
                        @Override
                        public Batch<Example<Text, String>> collate(List<Example<Text, String>> batch) {
                            batches.add(batch.stream()
                                    .map(e -> e.input().text().length())
                                    .toList());
                            return lengths.collate(batch);
                        }

                        @Override
                        public Optional<int[]> lengths(List<Example<Text, String>> some) {
                            return lengths.lengths(some);
                        }
                    })
                    .computeMetrics(seeing(seen))
                    .build();

            trainer.predict(data, outcomes::add);

            assertThat(seen).isEqualTo(examples);
            assertThat(outcomes).extracting(Outcome::example).isEqualTo(examples);
            assertThat(outcomes)
                    .allSatisfy(o -> assertThat(o.prediction())
                            .isEqualTo(model.predict(o.example().input())));
            assertThat(batches).hasSize(125);
            assertThat(batches.stream().filter(lengthsOf -> !lengthsOf.get(0).equals(lengthsOf.get(1))))
                    .as("batches of two lengths; a window has 100 examples of at most 7 lengths")
                    .hasSizeLessThan(3 * 7);
        }
    }

    @Test
    void theOrderOfBatchesDoesNotChangeTheNumbers() {
        List<Example<Text, String>> examples = ofManyLengths(250);
        Trainer.builder()
                .model(model)
                .trainDataset(Dataset.of(examples))
                .numTrainEpochs(1)
                .build()
                .train();

        Metrics sorted = builder().dataCollator(new TextLengths(model)).build().evaluate(Dataset.of(examples));
        Metrics unsorted = builder().build().evaluate(Dataset.of(examples));

        assertThat(sorted.get("eval_loss")).isCloseTo(unsorted.get("eval_loss"), within(1e-12));
        assertThat(sorted.get("eval_accuracy")).isEqualTo(unsorted.get("eval_accuracy"));
    }

    @Test
    void predictionsCanBeTakenAsTheyCome() {
        List<String> order = new ArrayList<>();
        Dataset<Example<Text, String>> data = () -> Numbers.list(500).stream().peek(e -> order.add("read"));
        var trainer =
                builder().perDeviceEvalBatchSize(1).dataloaderPrefetchFactor(0).build();

        Metrics metrics = trainer.predict(data, outcome -> order.add("taken"));

        assertThat(metrics.has("test_accuracy")).isTrue();
        int waiting = 0;
        int most = 0;
        for (String event : order) {
            waiting += event.equals("read") ? 1 : -1;
            most = Math.max(most, waiting);
        }
        assertThat(waiting).isZero();
        assertThat(most).as("examples in memory at once").isLessThanOrEqualTo(51);
    }

    private static Dataset<Example<Text, String>> stream(List<Example<Text, String>> examples) {
        return examples::stream;
    }

    private static List<Example<Text, String>> ofManyLengths(int count) {
        return Numbers.list(count).stream()
                .map(e -> Example.of(Text.of(e.input().text() + " ".repeat(e.hashCode() & 3)), e.label()))
                .toList();
    }

    @Test
    void callbacksSeeEachOutcomeWithItsPlaceInTheData() {
        List<Long> places = new ArrayList<>();
        List<Object> examples = new ArrayList<>();
        var watching = new TrainerCallback() {
            @Override
            public void onOutcome(TrainerState state, TrainerControl control, long index, Outcome<?, ?> outcome) {
                places.add(index);
                examples.add(outcome.example());
                assertThat(outcome.prediction()).isInstanceOf(Classification.class);
            }
        };
        var trainer = builder().perDeviceEvalBatchSize(2).callbacks(watching).build();

        trainer.evaluate(Numbers.signs(3));
        trainer.predict(Numbers.signs(2));

        assertThat(places).containsExactly(0L, 1L, 2L, 0L, 1L);
        assertThat(examples.subList(0, 3)).isEqualTo(Numbers.list(3));
    }

    @Test
    void dataSetsWithNamesAreReportedApart() {
        EventRecorder recorder = new EventRecorder();
        var trainer = builder()
                .evalDataset("dev", Numbers.signs(2))
                .evalDataset("hard", Numbers.signs(4))
                .callbacks(recorder)
                .build();

        Metrics metrics = trainer.evaluate();

        assertThat(metrics.values()).containsKeys("eval_dev_loss", "eval_dev_accuracy", "eval_hard_accuracy", "epoch");
        assertThat(recorder.names().stream().filter("evaluate"::equals)).hasSize(2);
        assertThat(trainer.state().metrics()).containsExactly("dev_loss", "dev_accuracy", "hard_loss", "hard_accuracy");
        assertThat(trainer.state().metricForBestModel()).isEqualTo("dev_accuracy");
    }

    @Test
    void anEvaluationIsLoggedThenAnnounced() {
        EventRecorder recorder = new EventRecorder();
        var trainer = builder().callbacks(recorder).build();

        trainer.evaluate(Numbers.signs(3));

        assertThat(recorder.names()).containsExactly("init_end", "prediction_step", "log", "evaluate");
        assertThat(trainer.state().logHistory()).hasSize(1);
    }

    @Test
    void predictionsComeInOrderWithMetricsNamedTest() {
        EventRecorder recorder = new EventRecorder();
        var trainer = builder().perDeviceEvalBatchSize(2).callbacks(recorder).build();

        PredictionOutput<Example<Text, String>, Classification> output = trainer.predict(Numbers.signs(5));

        assertThat(output.outcomes()).extracting(Outcome::example).isEqualTo(Numbers.list(5));
        assertThat(output.outcomes())
                .allSatisfy(o -> assertThat(o.prediction())
                        .isEqualTo(model.predict(o.example().input())));
        assertThat(output.metrics().values().keySet())
                .containsExactly(
                        "test_loss",
                        "test_accuracy",
                        "test_runtime",
                        "test_samples_per_second",
                        "test_steps_per_second");
        assertThat(recorder.names())
                .containsExactly("init_end", "prediction_step", "prediction_step", "prediction_step", "predict");
        assertThat(trainer.state().logHistory()).isEmpty();
    }

    @Test
    void theLossAloneIsReportedIfAsked() {
        Metrics metrics = builder().predictionLossOnly(true).build().evaluate(Numbers.signs(3));

        assertThat(metrics.has("eval_loss")).isTrue();
        assertThat(metrics.has("eval_accuracy")).isFalse();
    }

    @Test
    void aMetricMayReportSeveralNumbers() {
        Metric<Example<Text, String>, Classification> both = new Both();

        Metrics metrics = builder().computeMetrics(Accuracy.of(), both).build().evaluate(Numbers.signs(3));

        assertThat(metrics.values()).containsEntry("eval_right", 1.0).containsEntry("eval_wrong", 2.0);
    }

    @Test
    void detailsAreReportedForEachDataSetButNotLogged() {
        EventRecorder recorder = new EventRecorder();
        var trainer = builder()
                .evalDataset("dev", Numbers.signs(2))
                .evalDataset("hard", Numbers.signs(4))
                .computeMetrics(ConfusionMatrix.metric(), Accuracy.of())
                .callbacks(recorder)
                .build();

        Metrics metrics = trainer.evaluate();

        ConfusionMatrix dev = metrics.detail("eval_dev_confusion_matrix", ConfusionMatrix.class);
        ConfusionMatrix hard = metrics.detail("eval_hard_confusion_matrix", ConfusionMatrix.class);
        assertThat(dev.labels()).containsExactly("minus", "plus");
        assertThat(dev.count("plus", "minus") + dev.count("plus", "plus")).isEqualTo(1);
        assertThat(hard.count("plus", "minus") + hard.count("plus", "plus")).isEqualTo(2);
        assertThat(metrics.values()).containsKey("eval_hard_accuracy").doesNotContainKey("eval_hard_confusion_matrix");
        assertThat(trainer.state().metricForBestModel()).isEqualTo("dev_accuracy");
        assertThat(trainer.state().logHistory())
                .allSatisfy(entry -> assertThat(entry.details()).isEmpty());
    }

    @Test
    void twoDetailsOfTheSameNameAreRefused() {
        assertThatThrownBy(() -> builder()
                        .computeMetrics(ConfusionMatrix.metric(), ConfusionMatrix.metric())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("both report 'confusion_matrix'");
    }

    @Test
    void aDetailIsNoMetricToGoBy() {
        assertThatThrownBy(() -> builder()
                        .evalDataset(Numbers.signs(2))
                        .computeMetrics(ConfusionMatrix.metric())
                        .metricForBestModel("confusion_matrix")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("confusion_matrix");
    }

    @Test
    void twoEvaluationsDoNotShareWhatTheyCollect() {
        var trainer = builder().computeMetrics(new Both()).build();

        trainer.evaluate(Numbers.signs(3));

        assertThat(trainer.evaluate(Numbers.signs(3)).get("eval_right")).isEqualTo(1.0);
    }

    @Test
    void anEvaluationWithoutDataIsRefused() {
        var trainer = builder().build();
        Dataset<Example<Text, String>> nothing = Stream::empty;

        assertThatThrownBy(trainer::evaluate)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("evalDataset");
        assertThatThrownBy(() -> trainer.evaluate(nothing)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> trainer.predict(nothing)).isInstanceOf(DataException.class);
    }

    @Test
    void anInterruptEndsAnEvaluation() {
        var trainer = builder().build();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> trainer.evaluate(Numbers.signs(3))).isInstanceOf(BertFineTuneException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(model.evaluated).isEmpty();
    }

    private Trainer.Builder<Text, String, Classification> builder() {
        return Trainer.builder().model(model);
    }

    private static Metric<Example<Text, String>, Classification> seeing(List<Example<Text, String>> seen) {
        return Metric.of(
                "seen",
                Collectors.collectingAndThen(
                        Collectors.mapping(o -> seen.add(o.example()), Collectors.counting()), Long::doubleValue));
    }

    /** Counts right and wrong predictions, with more than one container at a time. */
    private static final class Both implements Metric<Example<Text, String>, Classification> {
        @Override
        public String name() {
            return "both";
        }

        @Override
        public Collector<Outcome<? extends Example<Text, String>, ? extends Classification>, ?, Metrics> collector() {
            return Collector.of(
                    () -> new int[2],
                    (counts, o) ->
                            counts[o.example().label().equals(o.prediction().label()) ? 0 : 1]++,
                    (a, b) -> a,
                    counts -> Metrics.of(Map.of("right", (double) counts[0], "wrong", (double) counts[1])));
        }
    }
}
