package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;

/** The code of the README's first screen, compiled; {@link ReadmeTest} holds the two together. */
final class ReadmeExample {
    private ReadmeExample() {}

    static void run() {
        // #region first
        var data = Dataset.csv(Path.of("mails.csv"))
                .map(row -> Example.of(Text.of(row.get("text")), row.get("label")))
                .split(0.9, 42);
        try (var model =
                Bert.fromPretrained(Path.of("models/minilm")).load(SequenceClassification.labelsOf(data.train()))) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(data.train())
                    .evalDataset(data.eval())
                    .numTrainEpochs(3)
                    .build();
            trainer.train();
            System.out.println(trainer.evaluate()); // eval_loss=… eval_accuracy=…
            System.out.println(model.predict(Text.of("Where is my parcel?")).label()); // delivery
            model.save(Path.of("mail-model"));
        }
        // #endregion first
    }
}
