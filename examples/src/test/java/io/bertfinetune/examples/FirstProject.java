package io.bertfinetune.examples;

// #region program
import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;

public class FirstProject {
    public static void main(String[] args) {
        Path mails = Path.of(args[0]);
        Path pretrained = Path.of(args[1]);
        Path output = Path.of(args[2]);
        var data = Dataset.csv(mails)
                .map(row -> Example.of(Text.of(row.get("text")), row.get("label")))
                .split(0.9, 42);
        try (var model =
                Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(data.train()))) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(data.train())
                    .evalDataset(data.eval())
                    .learningRate(2e-4)
                    .numTrainEpochs(3)
                    .build();
            trainer.train();
            System.out.println(trainer.evaluate());
            System.out.println(model.predict(Text.of("Where is my parcel?")).label());
            model.save(output);
        }
    }
}
// #endregion program
