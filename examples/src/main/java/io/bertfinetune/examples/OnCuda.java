package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.TrainOutput;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.List;

/** Training on an NVIDIA GPU, with matrix products in bfloat16. */
final class OnCuda {
    private OnCuda() {}

    /** The loss of one step. */
    static double step(Path folder, List<Example<Text, String>> examples) {
        // #region train
        try (Model<Text, String, Classification> model = Bert.fromPretrained(folder)
                        .device(Device.cuda(0))
                        .load(SequenceClassification.of("no", "yes"));
                TrainingSession<Example<Text, String>> session =
                        model.startTraining(SessionOptions.of(AdamW.defaults()).precision(Precision.BFLOAT16))) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(examples);
            double loss = session.forwardBackward(batch).loss();
            session.clipGradNorm(1.0);
            session.step(2e-5);
            session.zeroGrad();
            return loss;
        }
        // #endregion train
    }

    /** A run on the best device that works, in bfloat16 if that has it. */
    static TrainOutput train(Path folder, List<Example<Text, String>> examples) {
        // #region trainer
        try (var model =
                Bert.fromPretrained(folder).device(Device.auto()).load(SequenceClassification.of("no", "yes"))) {
            return Trainer.builder()
                    .model(model)
                    .trainDataset(Dataset.of(examples))
                    .bf16(model.device().supports(Precision.BFLOAT16))
                    .build()
                    .train();
        }
        // #endregion trainer
    }
}
