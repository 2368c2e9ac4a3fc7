package io.bertfinetune;

import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.ReduceLrOnPlateau;
import io.bertfinetune.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/** What makes two runs the same step for step: the settings a checkpoint is compared by before a run goes on from it. */
final class Settings {
    private static final String EXAMPLES = "examples of trainDataset";

    /** What says how many examples a step takes, and how many steps an epoch has. */
    private static final Set<String> BATCHES =
            Set.of(EXAMPLES, "perDeviceTrainBatchSize", "gradientAccumulationSteps", "dataloaderDropLast");

    private Settings() {}

    static Map<String, String> of(
            TrainingArguments args, Plan plan, OptionalLong examples, Task<?, ?, ?> task, String metricForBestModel) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("task", task.toString());
        settings.put(EXAMPLES, examples.isPresent() ? Long.toString(examples.getAsLong()) : "unknown");
        settings.put("optimizer steps", Long.toString(plan.maxSteps()));
        settings.put("perDeviceTrainBatchSize", Integer.toString(args.perDeviceTrainBatchSize()));
        settings.put("gradientAccumulationSteps", Integer.toString(args.gradientAccumulationSteps()));
        settings.put("autoFindBatchSize", Boolean.toString(args.autoFindBatchSize()));
        settings.put("dataloaderDropLast", Boolean.toString(args.dataloaderDropLast()));
        settings.put(
                "trainSamplingStrategy",
                args.trainSamplingStrategy().type().equals("custom")
                        ? nameOf(args.trainSamplingStrategy())
                        : args.trainSamplingStrategy().type());
        settings.put("seed", Long.toString(args.seed()));
        settings.put("dataSeed", Long.toString(args.dataSeed().orElse(args.seed())));
        settings.put("optim", nameOf(args.optim()));
        settings.put("weightDecay", Double.toString(args.weightDecay()));
        settings.put("parameterGroups", nameOf(args.parameterGroups()));
        settings.put("labelSmoothingFactor", Double.toString(args.labelSmoothingFactor()));
        settings.put("precision", args.precision().toString());
        settings.put("learningRate", Double.toString(args.learningRate()));
        settings.put("lrSchedulerType", nameOf(args.lrSchedulerType()));
        settings.put("warmupSteps", Long.toString(args.warmupSteps().in(plan.maxSteps())));
        if (args.lrSchedulerType() instanceof ReduceLrOnPlateau) {
            settings.put("evalStrategy", args.evalStrategy().toString());
            settings.put("evalSteps", Long.toString(args.evalSteps().in(plan.maxSteps())));
            settings.put("evalDelay", Double.toString(args.evalDelay()));
        }
        settings.put("maxGradNorm", Double.toString(args.maxGradNorm()));
        settings.put("metricForBestModel", metricForBestModel);
        return settings;
    }

    /** What something is called in a file; the same in every JVM. */
    static String nameOf(Object value) {
        if (value instanceof LearningRateSchedule schedule && !schedule.type().equals("custom")) {
            return schedule.type() + (schedule.kwargs().isEmpty() ? "" : schedule.kwargs());
        }
        String text = value.toString();
        boolean saysNothing = text.equals(value.getClass().getName() + "@" + Integer.toHexString(value.hashCode()));
        if (!saysNothing) {
            return text;
        }
        return value.getClass().isHidden() ? "a lambda" : value.getClass().getName();
    }

    /** Whether the same steps of two runs, if in the same order, have the same examples. */
    static boolean haveSameBatches(Map<String, String> saved, Map<String, String> here) {
        return BATCHES.stream().allMatch(name -> Objects.equals(saved.get(name), here.get(name)));
    }

    /**
     * Compares a checkpoint's settings with this run's.
     *
     * @throws CheckpointException if any differ; the message names each with both values
     */
    static void requireSame(Path checkpoint, Map<String, String> saved, Map<String, String> here) {
        List<String> differences = new ArrayList<>();
        here.forEach((name, value) -> {
            String other = saved.getOrDefault(name, "not said");
            if (!other.equals(value)) {
                differences.add(name + " is " + value + ", expected " + other);
            }
        });
        if (!differences.isEmpty()) {
            throw new CheckpointException("checkpoint " + checkpoint + " belongs to another run: "
                    + String.join("; ", differences) + ". A run goes on exactly only with the settings it began with");
        }
    }
}
