package io.bertfinetune.ort.training;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Small models and data for tests. */
final class Models {
    private Models() {}

    /** The perturbed tiny BERT of the golden files, without dropout, three labels. */
    static Model<Text, String, Classification> withoutDropout() {
        return Bert.fromPretrained(Golden.path("golden/tiny_bert")).load(SequenceClassification.saved());
    }

    /** The tiny BERT as it came, with dropout 0.1, its classifier fresh or not as the labels say. */
    static Model<Text, String, Classification> withDropout() {
        return Bert.fromPretrained(Golden.path("tiny_bert")).load(SequenceClassification.of("no", "yes"));
    }

    /** The same in the memory of an engine. */
    static OrtModel<Text, String, Classification> on(Engine engine) {
        return of(Golden.path("tiny_bert"), engine);
    }

    /** A folder's in the memory of an engine. */
    static OrtModel<Text, String, Classification> of(Path folder, Engine engine) {
        Backend.Source source = new Backend.Source(folder, Device.auto(), OptionalInt.empty(), Optional.empty());
        return (OrtModel<Text, String, Classification>)
                new ModelLoader(engine).load(source, SequenceClassification.of("no", "yes"));
    }

    /** Texts of different lengths, labelled in turn. */
    static List<Example<Text, String>> examples(int count, String... labels) {
        String words = "the quick brown fox jumps over the lazy dog and runs away from all the hounds ";
        List<Example<Text, String>> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String text = words.substring(i % 9, 20 + i * 7 % 55) + i;
            examples.add(Example.of(Text.of(text), labels[i % labels.length]));
        }
        return examples;
    }
}
