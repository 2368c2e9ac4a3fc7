package io.bertfinetune;

import io.bertfinetune.checkpoint.Checkpoints;
import io.bertfinetune.checkpoint.RunState;
import io.bertfinetune.checkpoint.TrainerStateFile;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.training.TrainerState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * A checkpoint a run is to go on from.
 *
 * @param checkpoint its folder
 * @param state where the run stood
 * @param withOptimizer whether the optimizer goes on too, or begins anew
 */
record Resumption(Path checkpoint, RunState state, boolean withOptimizer) {
    /** The optimizer's state in a checkpoint. */
    static final String OPTIMIZER = "optimizer.safetensors";

    /**
     * Checks a checkpoint of this run.
     *
     * @throws CheckpointException if it is of another run, or without optimizer
     */
    static Resumption exact(Checkpoints.Whole whole, Map<String, String> settings) {
        Path checkpoint = whole.folder();
        RunState state = RunState.read(checkpoint);
        Settings.requireSame(checkpoint, state.settings(), settings);
        if (!whole.files().contains(OPTIMIZER)) {
            throw new CheckpointException("checkpoint " + checkpoint + " has no " + OPTIMIZER
                    + ", it was saved with saveOnlyModel(true); to go on with a fresh optimizer, call"
                    + " resumeWithFreshOptimizer");
        }
        return new Resumption(checkpoint, state, true);
    }

    /**
     * Compares a checkpoint with its manifest.
     *
     * @throws CheckpointException if it is damaged
     */
    static Checkpoints.Whole verified(Path checkpoint) {
        try {
            return Checkpoints.verify(checkpoint);
        } catch (CheckpointException e) {
            if (TrainerStateFile.isIn(checkpoint)
                    && !RunState.isIn(checkpoint)
                    && !Checkpoints.hasManifest(checkpoint)) {
                throw new CheckpointException(
                        "checkpoint " + checkpoint
                                + " was written by Hugging Face's Trainer, whose optimizer state is a"
                                + " pickle and is not read; to go on with a fresh optimizer, call"
                                + " resumeWithFreshOptimizer",
                        e);
            }
            throw e;
        }
    }

    /**
     * Checks a folder of this library's or of Hugging Face's; its settings may be others.
     *
     * @throws CheckpointException if it is damaged, or does not say where the run stood
     */
    static Resumption fresh(
            Path checkpoint, TrainingArguments args, Plan plan, Map<String, String> settings, TrainerState untrained) {
        if (Checkpoints.hasManifest(checkpoint) || RunState.isIn(checkpoint)) {
            Checkpoints.verify(checkpoint);
            RunState state = RunState.read(checkpoint);
            if (Settings.haveSameBatches(state.settings(), settings)) {
                return new Resumption(checkpoint, state.goingOnAt(state.position()), false);
            }
            long step = TrainerStateFile.read(checkpoint, untrained.toBuilder())
                    .build()
                    .globalStep();
            return new Resumption(checkpoint, state.goingOnAt(position(step, args, plan)), false);
        }
        TrainerState stood =
                TrainerStateFile.read(checkpoint, untrained.toBuilder()).build();
        RunState.Losses none =
                new RunState.Losses(0, 0, 0, 0, OptionalDouble.empty(), OptionalDouble.empty(), stood.globalStep());
        return new Resumption(
                checkpoint,
                new RunState(
                        UUID.randomUUID().toString(),
                        0,
                        settings,
                        position(stood.globalStep(), args, plan),
                        none,
                        evaluations(stood),
                        new RunState.Pieces(0, 0),
                        0,
                        0,
                        RunState.Asked.NOTHING,
                        List.of()),
                false);
    }

    /** Where a run of this plan stands after so many steps; Hugging Face counts so too. */
    private static RunState.Position position(long step, TrainingArguments args, Plan plan) {
        int accumulation = args.gradientAccumulationSteps();
        double batches = plan.batchesPerEpoch().isPresent()
                ? plan.batchesPerEpoch().getAsInt()
                : (double) plan.maxSteps() * accumulation;
        long stepsPerEpoch = (long) Math.ceil(batches / accumulation);
        long inEpoch = step % stepsPerEpoch;
        return inEpoch == 0
                ? new RunState.Position(Math.toIntExact(step / stepsPerEpoch), false, 0, batches)
                : new RunState.Position(
                        Math.toIntExact(step / stepsPerEpoch + 1),
                        true,
                        Math.toIntExact(inEpoch * accumulation),
                        batches);
    }

    /** What the log says each evaluation of the run found; one before the first step counts for nothing. */
    private static List<Double> evaluations(TrainerState stood) {
        String metric = "eval_" + stood.metricForBestModel();
        return stood.logHistory().stream()
                .filter(entry -> entry.has(metric) && entry.has("step") && entry.get("step") > 0)
                .map(entry -> entry.get(metric))
                .toList();
    }
}
