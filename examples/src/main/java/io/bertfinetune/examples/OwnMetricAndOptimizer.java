package io.bertfinetune.examples;

import static java.util.stream.Collectors.averagingDouble;
import static java.util.stream.Collectors.filtering;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.optim.Expr;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.Parameter;
import io.bertfinetune.optim.Update;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.ProgressCallback;
import java.nio.file.Path;
import java.util.List;

/**
 * Three things of one's own: a metric is a name and a {@link java.util.stream.Collector}, an optimizer one formula over
 * whole tensors, a schedule a function of how far the run is.
 */
public final class OwnMetricAndOptimizer {
    private static final List<Flag> FLAGS =
            List.of(Flag.MODEL, Flag.DATA, Flag.of("epochs", "3", "How often training goes through the mails"));

    private OwnMetricAndOptimizer() {}

    /**
     * Runs the example.
     *
     * @param args flags, see {@code --help}
     */
    public static void main(String... args) {
        Flags flags = Flags.parse(FLAGS, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(FLAGS));
            return;
        }
        Path pretrained = Shipped.model(flags);
        Corpus mails = Corpus.read(Shipped.data(flags));

        // #region metric
        Metric<Example<Text, String>, Classification> returnsRecall = Metric.of(
                "returns_recall",
                filtering(
                        o -> o.example().label().equals("returns"),
                        averagingDouble(o -> o.prediction().label().equals("returns") ? 1 : 0)));
        LearningRateSchedule parabola = progress -> Math.pow(1 - progress.afterWarmup(), 2);
        // #endregion metric

        try (var model =
                Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(mails.train()))) {
            Trainer.builder()
                    .model(model)
                    .trainDataset(mails.train())
                    .evalDataset(mails.validation())
                    .computeMetrics(returnsRecall, Accuracy.of())
                    .optim(new Lion(0.9, 0.99))
                    .learningRate(5e-5)
                    .weightDecay(0.1)
                    .lrSchedulerType(parabola)
                    .numTrainEpochs(flags.number("epochs"))
                    .perDeviceTrainBatchSize(16)
                    .evalStrategy(IntervalStrategy.EPOCH)
                    .callbacks(ProgressCallback.lines(System.out))
                    .build()
                    .train();
        }
    }

    /**
     * Lion (Chen and others, 2023), which looks at the sign of the gradients only; its learning rate is three to ten
     * times smaller than AdamW's.
     *
     * @param beta1 how much of the past a step is made of, 0 to below 1
     * @param beta2 how much of the past is kept, 0 to below 1
     */
    // #region optimizer
    record Lion(double beta1, double beta2) implements Optimizer {
        @Override
        public Update update(Parameter p) {
            Expr m = p.state("exp_avg");
            Expr g = p.gradient();
            Expr direction = m.times(beta1)
                    .plus(g.times(1 - beta1))
                    .sign()
                    .plus(p.value().times(p.weightDecay()));
            return Update.of(p.value().minus(p.learningRate().times(direction)))
                    .state("exp_avg", m.times(beta2).plus(g.times(1 - beta2)));
        }
    }
    // #endregion optimizer
}
