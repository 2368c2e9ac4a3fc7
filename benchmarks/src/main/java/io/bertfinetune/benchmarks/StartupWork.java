package io.bertfinetune.benchmarks;

import com.google.common.collect.Lists;
import io.bertfinetune.Bert;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Opens a model and does one thing with it: a training step, or a prediction. */
final class StartupWork implements Work {
    private final Path folder;
    private final boolean trains;
    private final List<Runnable> owned = new ArrayList<>();
    private final double machineMs =
            System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();

    StartupWork(Path folder, boolean trains) {
        this.folder = folder;
        this.trains = trains;
    }

    @Override
    public Map<String, Double> once() {
        Map<String, Double> figures = new HashMap<>(Map.of("machine_ms", machineMs));
        long start = System.nanoTime();
        var model = Bert.fromPretrained(folder).load(SequenceClassification.of("0", "1"));
        owned.add(model::close);
        figures.put("load_ms", (System.nanoTime() - start) / 1e6);
        if (trains) {
            var batch = OwnTraining.batch(StepWork.readBatches(folder).get(0));
            StepWork work = StepWork.read(folder);
            start = System.nanoTime();
            var session =
                    model.startTraining(SessionOptions.of(AdamW.defaults()).seed(work.seed()));
            owned.add(session::close);
            figures.put("session_ms", (System.nanoTime() - start) / 1e6);
            figures.put("first_ms", Work.ms(() -> {
                session.forwardBackward(batch);
                session.clipGradNorm(1);
                session.step(work.learningRate());
                session.zeroGrad();
            }));
        } else {
            Text text = Text.of(TextWork.readTexts(folder).get(0));
            figures.put("first_ms", Work.ms(() -> model.predict(text)));
        }
        return figures;
    }

    /** After the answer, as a peer's process ends after its. */
    @Override
    public void close() {
        Lists.reverse(owned).forEach(Runnable::run);
    }
}
