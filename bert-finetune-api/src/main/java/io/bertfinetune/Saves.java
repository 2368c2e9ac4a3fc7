package io.bertfinetune;

import io.bertfinetune.checkpoint.Checkpoints;
import io.bertfinetune.checkpoint.RunState;
import io.bertfinetune.checkpoint.TrainerStateFile;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.training.TrainerState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves the checkpoints of one run, and takes the best of them back at its end. */
final class Saves {
    private static final Logger log = LoggerFactory.getLogger(Trainer.class);

    private final Model<?, ?, ?> model;
    private final TrainingArguments args;
    private final Checkpoints checkpoints;
    private final Events events;
    private final String run;
    private final Map<String, String> settings;

    /**
     * The saves of a run.
     *
     * @param run its name, the same after a resume
     * @param settings what must be the same for it to go on
     */
    Saves(
            Model<?, ?, ?> model,
            TrainingArguments args,
            Checkpoints checkpoints,
            Events events,
            String run,
            Map<String, String> settings) {
        this.model = model;
        this.args = args;
        this.checkpoints = checkpoints;
        this.events = events;
        this.run = run;
        this.settings = settings;
    }

    /** Saves a checkpoint of this moment, and deletes those there are too many of. */
    void save(
            TrainingSession<?> session,
            RunState.Position position,
            RunState.Losses losses,
            List<Double> evaluations,
            RunState.Pieces pieces,
            long runtimeNanos) {
        TrainerState at = events.state();
        long step = at.globalStep();
        RunState state = new RunState(
                run,
                checkpoints.nextSequence(),
                settings,
                position,
                losses,
                evaluations,
                pieces,
                at.examplesSeen(),
                runtimeNanos,
                events.asked(),
                events.callbackStates());
        TrainerState.Builder described = at.toBuilder();
        boolean isBest = at.bestGlobalStep().isPresent() && at.bestGlobalStep().getAsLong() == step;
        if (isBest) {
            described.bestModelCheckpoint(checkpoints.of(step));
        }
        TrainerState saved = described.build();
        Path checkpoint = checkpoints.write(step, (folder, files) -> {
            model.saveWeights(folder);
            if (!args.saveOnlyModel()) {
                session.saveState(folder.resolve(Resumption.OPTIMIZER));
            }
            files.write(folder.resolve(TrainerStateFile.FILE), TrainerStateFile.toJson(saved, state.callbacks()));
            files.write(folder.resolve(RunState.FILE), state.toJson());
            files.write(
                    folder.resolve("training_args.json"),
                    ArgumentsJson.describe(args.values()).getBytes(StandardCharsets.UTF_8));
        });
        if (isBest) {
            events.change(next -> next.bestModelCheckpoint(checkpoint));
        }
        if (args.saveTotalLimit() > 0) {
            Set<Path> best = saved.bestModelCheckpoint().map(Set::of).orElse(Set.of());
            checkpoints.rotate(args.saveTotalLimit(), run, best);
        }
        events.save(checkpoint);
    }

    /** Gives the model the weights of the best evaluation. */
    void loadBest() {
        TrainerState state = events.state();
        if (state.bestGlobalStep().isEmpty()) {
            log.warn(
                    "loadBestModelAtEnd: no evaluation reported {}; the model keeps its last weights",
                    state.metricForBestModel());
        } else if (state.bestGlobalStep().getAsLong() != state.globalStep()) {
            long best = state.bestGlobalStep().getAsLong();
            state.bestModelCheckpoint().filter(Files::isDirectory).ifPresentOrElse(this::load, () -> forget(best));
        }
    }

    private void forget(long best) {
        log.warn("loadBestModelAtEnd: the checkpoint of step {} is gone; the model keeps its last weights", best);
        events.change(next -> next.bestGlobalStep(best)); // without a checkpoint
    }

    private void load(Path best) {
        if (Checkpoints.hasManifest(best) || RunState.isIn(best)) {
            Checkpoints.verify(best);
        }
        model.restore(best);
        log.info("the model has the weights of {} again, the best evaluation", best);
    }
}
