package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.model.Precision;
import io.bertfinetune.optim.Adafactor;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.optim.ReduceLrOnPlateau;
import io.bertfinetune.optim.Sgd;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.optim.Update;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingArgumentsTest {
    private static final TrainingArguments DEFAULTS =
            TrainingArguments.builder().build();

    /** Every argument at another value than its default. */
    private static final TrainingArguments ALL = TrainingArguments.builder()
            .outputDir(Path.of("runs", "cola"))
            .perDeviceTrainBatchSize(32)
            .perDeviceEvalBatchSize(64)
            .numTrainEpochs(2.5)
            .maxSteps(1000)
            .gradientAccumulationSteps(2)
            .autoFindBatchSize(true)
            .includeNumInputTokensSeen(InputTokens.NON_PADDING)
            .loggingSteps(50)
            .loggingFirstStep(true)
            .evalStrategy(IntervalStrategy.STEPS)
            .evalSteps(Steps.ratio(0.25))
            .evalDelay(1.5)
            .evalOnStart(true)
            .predictionLossOnly(true)
            .learningRate(2e-5)
            .lrSchedulerType(LearningRateSchedule.named("cosine_with_restarts", Map.of("num_cycles", 3.0)))
            .warmupSteps(Steps.ratio(0.1))
            .adamBeta1(0.8)
            .adamBeta2(0.99)
            .adamEpsilon(1e-6)
            .weightDecay(0.01)
            .maxGradNorm(0)
            .labelSmoothingFactor(0.1)
            .bf16(true)
            .bf16FullEval(true)
            .tf32(true)
            .saveStrategy(SaveStrategy.STEPS)
            .saveSteps(Steps.ratio(0.2))
            .saveTotalLimit(0)
            .enableJitCheckpoint(true)
            .loadBestModelAtEnd(true)
            .metricForBestModel("accuracy")
            .trainSamplingStrategy(Sampler.groupByLength())
            .dataloaderDropLast(true)
            .dataloaderPrefetchFactor(0)
            .seed(Long.MAX_VALUE)
            .dataSeed(-3)
            .debug(DebugOption.UNDERFLOW_OVERFLOW)
            .skipMemoryMetrics(false)
            .runName("größer \"als\" 1")
            .build();

    @Test
    void defaultsAreHuggingFacesButForLoggingAndSaving() throws IOException {
        TrainingArguments huggingFace = TrainingArguments.fromJson(golden());

        assertThat(huggingFace.loggingSteps()).isEqualTo(Steps.of(500));
        assertThat(huggingFace.saveStrategy()).isEqualTo(SaveStrategy.STEPS);
        assertThat(DEFAULTS.saveStrategy()).isEqualTo(SaveStrategy.NO);
        assertThat(huggingFace.toBuilder()
                        .loggingSteps(Steps.ratio(0.05))
                        .saveStrategy(SaveStrategy.NO)
                        .build())
                .isEqualTo(with(b -> b.saveStrategy(SaveStrategy.NO)));
    }

    @Test
    void theFileOfDefaultsNamesEveryArgument() throws IOException {
        JsonObject huggingFace = JsonParser.parseString(golden()).getAsJsonObject();

        assertThat(fields())
                .allSatisfy(
                        field -> assertThat(huggingFace.has(field)).as(field).isTrue());
    }

    @Test
    void everyFieldOfHuggingFaceIsKnown() throws IOException {
        for (Map.Entry<String, JsonElement> field :
                JsonParser.parseString(golden()).getAsJsonObject().entrySet()) {
            JsonObject alone = new JsonObject();
            alone.add(field.getKey(), field.getValue());

            TrainingArguments args = TrainingArguments.fromJson(alone.toString());

            assertThat(args.toBuilder()
                            .loggingSteps(Steps.ratio(0.05))
                            .saveStrategy(SaveStrategy.NO)
                            .build())
                    .as(field.getKey())
                    .isEqualTo(with(b -> b.saveStrategy(SaveStrategy.NO)));
        }
    }

    @Test
    void jsonGoesThereAndBack() {
        assertThat(TrainingArguments.fromJson(ALL.toJson())).isEqualTo(ALL);
        assertThat(TrainingArguments.fromJson(DEFAULTS.toJson())).isEqualTo(DEFAULTS);
    }

    @Test
    void aScheduleWithTextsGoesThereAndBack() {
        TrainingArguments args = with(b -> b.evalStrategy(IntervalStrategy.EPOCH)
                .lrSchedulerType(LearningRateSchedule.reduceLrOnPlateau()
                        .mode(ReduceLrOnPlateau.Mode.MAX)
                        .patience(3)));

        JsonObject json = JsonParser.parseString(args.toJson()).getAsJsonObject();

        assertThat(json.get("lr_scheduler_type").getAsString()).isEqualTo("reduce_lr_on_plateau");
        assertThat(json.get("lr_scheduler_kwargs")).hasToString("{\"mode\":\"max\",\"patience\":3}");
        assertThat(TrainingArguments.fromJson(args.toJson())).isEqualTo(args);
    }

    @Test
    void debugIsReadAsAListAndAsAText() {
        TrainingArguments debugging = with(b -> b.debug(DebugOption.UNDERFLOW_OVERFLOW));

        assertThat(TrainingArguments.fromJson("{\"debug\": [\"underflow_overflow\"]}"))
                .isEqualTo(debugging);
        assertThat(TrainingArguments.fromJson("{\"debug\": \"underflow_overflow\"}"))
                .isEqualTo(debugging);
        assertThat(TrainingArguments.fromJson("{\"debug\": \"\"}")).isEqualTo(DEFAULTS);
    }

    @Test
    void jsonHasEveryArgumentUnderHuggingFacesName() {
        JsonObject json = JsonParser.parseString(ALL.toJson()).getAsJsonObject();

        assertThat(json.keySet()).containsAll(fields());
        assertThat(json.get("learning_rate").getAsDouble()).isEqualTo(2e-5);
        assertThat(json.get("eval_strategy").getAsString()).isEqualTo("steps");
        assertThat(json.get("eval_steps").getAsDouble()).isEqualTo(0.25);
        assertThat(json.get("logging_steps").getAsInt()).isEqualTo(50);
        assertThat(json.get("optim").getAsString()).isEqualTo("adamw_torch");
        assertThat(json.get("adam_beta1").getAsDouble()).isEqualTo(0.8);
        assertThat(json.get("lr_scheduler_type").getAsString()).isEqualTo("cosine_with_restarts");
        assertThat(json.getAsJsonObject("lr_scheduler_kwargs").get("num_cycles").getAsDouble())
                .isEqualTo(3);
        assertThat(json.get("seed").getAsLong()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void jsonOfDefaultsSaysNullWhereNothingIsSaid() {
        JsonObject json = JsonParser.parseString(DEFAULTS.toJson()).getAsJsonObject();

        assertThat(json.get("data_seed").isJsonNull()).isTrue();
        assertThat(json.get("run_name").isJsonNull()).isTrue();
        assertThat(json.get("eval_steps").isJsonNull()).isTrue();
        assertThat(json.get("lr_scheduler_kwargs").isJsonNull()).isTrue();
        assertThat(json.get("dataloader_prefetch_factor").isJsonNull()).isTrue();
        assertThat(json.get("max_steps").getAsInt()).isEqualTo(-1);
    }

    @Test
    void aNumberOfStepsBelowOneIsAShare() {
        assertThat(TrainingArguments.fromJson("{\"warmup_steps\": 0.1}").warmupSteps())
                .isEqualTo(Steps.ratio(0.1));
        assertThat(TrainingArguments.fromJson("{\"warmup_steps\": 1.0}").warmupSteps())
                .isEqualTo(Steps.of(1));
        assertThat(TrainingArguments.fromJson("{\"warmup_steps\": 0}").warmupSteps())
                .isEqualTo(Steps.of(0));
    }

    @Test
    void settingsOfAScheduleAloneAreThoseOfTheDefault() {
        assertThatThrownBy(() -> TrainingArguments.fromJson("{\"lr_scheduler_kwargs\": {\"num_cycles\": 2}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("num_cycles")
                .hasMessageContaining("linear");
    }

    @ParameterizedTest
    @ValueSource(strings = {"adamw_torch", "adamw_torch_fused"})
    void bothNamesOfAdamWAreRead(String name) {
        assertThat(TrainingArguments.fromJson("{\"optim\": \"" + name + "\", \"adam_beta1\": 0.5}")
                        .optim())
                .isEqualTo(new AdamW(0.5, 0.999, 1e-8));
    }

    static Stream<Arguments> namedOptimizers() {
        return Stream.of(
                Arguments.of("sgd", null, Sgd.defaults()),
                Arguments.of("sgd", "momentum=0.9", new Sgd(0.9, false)),
                Arguments.of("sgd", "momentum=0.5, nesterov=1", new Sgd(0.5, true)),
                Arguments.of("sgd", "momentum=0.5,nesterov=False", new Sgd(0.5, false)),
                Arguments.of("adafactor", null, Adafactor.defaults()),
                Arguments.of("adafactor", "", Adafactor.defaults()));
    }

    @ParameterizedTest
    @MethodSource("namedOptimizers")
    void optimizersAreReadByNameWithWhatTheyAreTold(String name, String args, Optimizer expected) {
        JsonObject json = new JsonObject();
        json.addProperty("optim", name);
        json.addProperty("optim_args", args);

        TrainingArguments read = TrainingArguments.fromJson(json.toString());

        assertThat(read.optim()).isEqualTo(expected);
        assertThat(TrainingArguments.fromJson(read.toJson())).isEqualTo(read);
    }

    @Test
    void whatSgdIsToldIsWrittenAsHuggingFaceReadsIt() {
        JsonObject json = JsonParser.parseString(
                        with(b -> b.optim(new Sgd(0.9, true))).toJson())
                .getAsJsonObject();

        assertThat(json.get("optim").getAsString()).isEqualTo("sgd");
        assertThat(json.get("optim_args").getAsString()).isEqualTo("momentum=0.9,nesterov=True");
        assertThat(json.get("adam_beta1").getAsDouble()).isEqualTo(0.9);
    }

    @Test
    void precisionsAreReadUnderHuggingFacesNames() {
        assertThat(TrainingArguments.fromJson("{\"bf16\": true, \"tf32\": null}"))
                .isEqualTo(with(b -> b.bf16(true)));
        assertThat(TrainingArguments.fromJson("{\"fp16\": true, \"tf32\": false}"))
                .isEqualTo(with(b -> b.fp16(true)));
        assertThat(TrainingArguments.fromJson("{\"bf16_full_eval\": true}").bf16FullEval())
                .isTrue();
        assertThat(TrainingArguments.fromJson("{\"tf32\": true}")).isEqualTo(with(b -> b.tf32(true)));
    }

    @Test
    void theNarrowestFormatSaidIsThatOfTheProducts() {
        assertThat(DEFAULTS.precision()).isEqualTo(Precision.FLOAT32);
        assertThat(with(b -> b.tf32(true)).precision()).isEqualTo(Precision.TENSOR_FLOAT32);
        assertThat(with(b -> b.tf32(true).bf16(true)).precision()).isEqualTo(Precision.BFLOAT16);
        assertThat(with(b -> b.tf32(true).fp16(true)).precision()).isEqualTo(Precision.FLOAT16);
    }

    @Test
    void parameterGroupsHaveNoJson() {
        TrainingArguments args =
                with(b -> b.parameterGroups(ParameterGroups.standard().layerwiseDecay(0.9)));

        assertThatThrownBy(args::toJson)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("parameterGroups is ParameterGroups[layerwiseDecay(0.9)]");
        assertThat(JsonParser.parseString(DEFAULTS.toJson()).getAsJsonObject().has("parameter_groups"))
                .isFalse();
    }

    static Stream<Arguments> badJson() {
        return Stream.of(
                Arguments.of("{\"fp16_full_eval\": true}", "fp16_full_eval", "does not offer"),
                Arguments.of("{\"fp16\": true, \"bf16\": true}", "bf16(true)", "fp16(true)"),
                Arguments.of("{\"bf16\": \"yes\"}", "bf16", "true or false"),
                Arguments.of("{\"report_to\": [\"wandb\"]}", "report_to", "wandb"),
                Arguments.of("{\"label_smoothing_factor\": 1}", "label_smoothing_factor", "below 1"),
                Arguments.of("{\"parameter_groups\": {}}", "parameter_groups", "no field"),
                Arguments.of("{\"learning_rat\": 1}", "learning_rat", "no field"),
                Arguments.of("{\"warmup_ratio\": 0.1}", "warmup_ratio", "no field"),
                Arguments.of("{\"seed\": 1, \"seed\": 2}", "seed", "twice"),
                Arguments.of("{\"lr_scheduler_kwargs\": {\"a\": 1, \"a\": 2}}", "lr_scheduler_kwargs.a", "twice"),
                Arguments.of("{\"lr_scheduler_kwargs\": [1]}", "lr_scheduler_kwargs", "object"),
                Arguments.of("{\"learning_rate\": \"fast\"}", "learning_rate", "a number"),
                Arguments.of("{\"learning_rate\": -1}", "learning_rate", "above 0"),
                Arguments.of("{\"seed\": 1.5}", "seed", "whole number"),
                Arguments.of("{\"seed\": 1e400}", "seed", "whole number"),
                Arguments.of("{\"per_device_train_batch_size\": 0}", "per_device_train_batch_size", "1 or more"),
                Arguments.of(
                        "{\"per_device_train_batch_size\": 4294967297}", "per_device_train_batch_size", "overflow"),
                Arguments.of("{\"evaluation_strategy\": \"epoch\"}", "evaluation_strategy", "no field"),
                Arguments.of("{\"eval_strategy\": \"sometimes\"}", "eval_strategy", "[no, steps, epoch]"),
                Arguments.of("{\"eval_steps\": 100}", "evalSteps", "evalStrategy"),
                Arguments.of("{\"eval_strategy\": \"epoch\", \"eval_steps\": 100}", "evalSteps", "evalStrategy(EPOCH)"),
                Arguments.of("{\"optim\": \"lion_32bit\"}", "optim", "adamw_torch"),
                Arguments.of("{\"optim\": 1}", "optim", "sgd"),
                Arguments.of("{\"optim_args\": \"momentum=0.9\"}", "optim_args", "adamw_torch"),
                Arguments.of("{\"optim\": \"adafactor\", \"optim_args\": \"a=1\"}", "optim_args", "found a"),
                Arguments.of("{\"optim\": \"sgd\", \"optim_args\": \"dampening=0.1\"}", "optim", "found dampening"),
                Arguments.of("{\"optim\": \"sgd\", \"optim_args\": \"momentum\"}", "optim", "momentum=0.9"),
                Arguments.of("{\"optim\": \"sgd\", \"optim_args\": [1]}", "optim", "momentum=0.9"),
                Arguments.of("{\"optim\": \"sgd\", \"optim_args\": \"momentum=x\"}", "optim", "a number, found x"),
                Arguments.of("{\"optim\": \"sgd\", \"optim_args\": \"momentum=2\"}", "optim", "momentum is 2.0"),
                Arguments.of("{\"optim\": \"sgd\", \"adam_beta1\": 0.8}", "adamBeta1", "optim"),
                Arguments.of("{\"train_sampling_strategy\": \"x\"}", "train_sampling_strategy", "sequential"),
                Arguments.of("{\"debug\": [\"tpu_metrics_debug\"]}", "debug", "underflow_overflow"),
                Arguments.of("{\"include_num_input_tokens_seen\": \"some\"}", "include_num_input", "non_padding"),
                Arguments.of("{\"lr_scheduler_type\": \"reduce_lr_on_plateau\"}", "lrSchedulerType", "evalStrategy"),
                Arguments.of("{\"predict\": ", "fromJson", "no JSON object"),
                Arguments.of("[1]", "fromJson", "one JSON object"),
                Arguments.of("", "fromJson", "no JSON object"),
                Arguments.of("{} {}", "fromJson", "JSON object"),
                Arguments.of("{seed: 1}", "fromJson", "no JSON object"),
                Arguments.of("{\"seed\": NaN}", "fromJson", "no JSON object"));
    }

    @ParameterizedTest
    @MethodSource("badJson")
    void badJsonIsRefusedByTheNameOfTheField(String json, String field, String why) {
        assertThatThrownBy(() -> TrainingArguments.fromJson(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field)
                .hasMessageContaining(why);
    }

    @Test
    void useCpuIsNotAnErrorButNotApplied() {
        assertThat(TrainingArguments.fromJson("{\"use_cpu\": true, \"seed\": 7}")
                        .seed())
                .isEqualTo(7);
    }

    @Test
    void stepsThatHuggingFaceWritesWithoutUseSayNothing() {
        String json = "{\"logging_strategy\": \"epoch\", \"logging_steps\": 500}";

        assertThat(TrainingArguments.fromJson(json))
                .isEqualTo(TrainingArguments.builder()
                        .loggingStrategy(IntervalStrategy.EPOCH)
                        .build());
    }

    @Test
    void theFlagsThatHuggingFaceSetsForItsScriptsSayNothing() {
        String json = "{\"eval_strategy\": \"epoch\", \"do_eval\": true, \"report_to\": \"none\"}";

        assertThat(TrainingArguments.fromJson(json)).isEqualTo(with(b -> b.evalStrategy(IntervalStrategy.EPOCH)));
    }

    @Test
    void whatIsOnesOwnHasNoJson() {
        assertThatThrownBy(() -> with(b -> b.optim(p -> Update.of(p.value()))).toJson())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("optim");
        assertThatThrownBy(() ->
                        with(b -> b.optim(new Adafactor(1e-30, 0.5, -0.8))).toJson())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("optim");
        assertThatThrownBy(() -> with(b -> b.lrSchedulerType(progress -> 0.5)).toJson())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lrSchedulerType");
        assertThatThrownBy(() ->
                        with(b -> b.trainSamplingStrategy(epoch -> new int[0])).toJson())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("trainSamplingStrategy");
    }

    @Test
    void anOutputDirMeansThatCheckpointsAreSaved() {
        TrainingArguments saving = with(b -> b.outputDir(Path.of("out")));

        assertThat(saving.saveStrategy()).isEqualTo(SaveStrategy.STEPS);
        assertThat(with(b -> b.outputDir(Path.of("trainer_output"))).saveStrategy())
                .isEqualTo(SaveStrategy.STEPS);
        assertThat(saving.toBuilder().saveStrategy(SaveStrategy.NO).build().saveStrategy())
                .isEqualTo(SaveStrategy.NO);
        assertThat(JsonParser.parseString(saving.toJson())
                        .getAsJsonObject()
                        .get("save_strategy")
                        .getAsString())
                .isEqualTo("steps");
        assertThat(TrainingArguments.fromJson(saving.toJson())).isEqualTo(saving);
    }

    @Test
    void aFileOfHuggingFacesThatLoadsTheBestModelIsRead() {
        String json = "{\"load_best_model_at_end\": true, \"metric_for_best_model\": \"eval_f1\","
                + " \"greater_is_better\": true, \"restore_callback_states_from_checkpoint\": true}";

        assertThat(TrainingArguments.fromJson(json))
                .isEqualTo(with(b -> b.loadBestModelAtEnd(true).metricForBestModel("f1")));
    }

    @Test
    void equalValuesAreEqualHoweverTheyWereSaid() {
        assertThat(with(b -> b.learningRate(5e-5).warmupSteps(Steps.ratio(0)))).isEqualTo(DEFAULTS);
        assertThat(with(b -> b.adamBeta1(0.8))).isEqualTo(with(b -> b.optim(new AdamW(0.8, 0.999, 1e-8))));
        assertThat(with(b -> b.parameterGroups(ParameterGroups.standard()))).isEqualTo(DEFAULTS);
        assertThat(with(b -> b.seed(1))).isNotEqualTo(DEFAULTS).doesNotHaveSameHashCodeAs(DEFAULTS);
        assertThat(ALL.toBuilder().build()).isEqualTo(ALL).hasSameHashCodeAs(ALL);
    }

    @Test
    void theTextShowsWhatDiffersFromTheDefaults() {
        assertThat(with(b -> b.seed(7).learningRate(2e-5)))
                .hasToString("TrainingArguments[seed=7, learningRate=2.0E-5]");
    }

    /** The fields of the arguments that Hugging Face has too. */
    private static List<String> fields() {
        return Argument.all().stream()
                .filter(argument -> argument != Argument.PARAMETER_GROUPS && argument != Argument.DATA_CHECK)
                .map(Argument::field)
                .toList();
    }

    private static TrainingArguments with(UnaryOperator<TrainingArguments.Builder> words) {
        return words.apply(TrainingArguments.builder()).build();
    }

    private static String golden() throws IOException {
        try (InputStream in = TrainingArgumentsTest.class.getResourceAsStream("/golden/training_arguments.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
