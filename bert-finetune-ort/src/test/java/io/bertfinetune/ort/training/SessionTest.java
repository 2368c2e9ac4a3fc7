package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
    private static final List<Example<Text, String>> EXAMPLES = Models.examples(24, "no", "yes");

    @Test
    void oneSeedIsOneRun(@TempDir Path folder) throws IOException {
        byte[] first = train(42, folder.resolve("first"));

        assertThat(train(42, folder.resolve("second"))).isEqualTo(first);
        assertThat(train(43, folder.resolve("third"))).isNotEqualTo(first);
    }

    @Test
    void trainingMakesTheLossSmaller() {
        try (Model<Text, String, Classification> model = Models.withoutDropout();
                TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
            Batch<Example<Text, String>> batch =
                    model.collator(Padding.LONGEST).collate(Models.examples(12, "negative", "neutral", "positive"));
            double before = model.evaluate(batch).loss();

            for (int step = 0; step < 30; step++) {
                session.forwardBackward(batch);
                session.clipGradNorm(1.0);
                session.step(2e-3);
                session.zeroGrad();
            }

            assertThat(model.evaluate(batch).loss()).isLessThan(before * 0.8);
        }
    }

    @Test
    void evaluationHasNoDropout() {
        try (Model<Text, String, Classification> model = Models.withDropout()) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);

            assertThat(model.evaluate(batch).loss())
                    .isEqualTo(model.evaluate(batch).loss());
        }
    }

    @Test
    void trainingHasDropoutThatDiffersFromPassToPass() {
        try (Model<Text, String, Classification> model = Models.withDropout();
                TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);

            assertThat(session.forwardBackward(batch).loss())
                    .isNotEqualTo(session.forwardBackward(batch).loss());
        }
    }

    @Test
    void paddingDoesNotChangeTheLoss() {
        try (Model<Text, String, Classification> model = Models.withoutDropout()) {
            List<Example<Text, String>> examples = Models.examples(5, "negative", "positive");

            double longest = model.evaluate(model.collator(Padding.LONGEST).collate(examples))
                    .loss();
            double all = model.evaluate(model.collator(Padding.MAX_LENGTH).collate(examples))
                    .loss();

            assertThat(all).isCloseTo(longest, org.assertj.core.api.Assertions.within(1e-5));
        }
    }

    @Test
    void clippingBoundsTheStep() {
        try (Model<Text, String, Classification> model = Models.withoutDropout();
                TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
            session.forwardBackward(
                    model.collator(Padding.LONGEST).collate(Models.examples(6, "negative", "positive")));

            double norm = session.clipGradNorm(0.01);

            assertThat(norm).isGreaterThan(0.01);
            assertThat(session.clipGradNorm(1.0)).isCloseTo(0.01, org.assertj.core.api.Assertions.within(1e-5));
        }
    }

    @Test
    void aLossThatIsNotFiniteStopsWithTheStep() {
        try (Model<Text, String, Classification> model = Models.withDropout();
                TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
            session.forwardBackward(batch);
            session.step(1e30);
            session.zeroGrad();

            assertThatThrownBy(() -> session.forwardBackward(batch))
                    .isInstanceOf(NonFiniteLossException.class)
                    .hasMessageContaining("in step 2");
        }
    }

    @Test
    void idsOutsideOfTheVocabularyNeverReachTheEngine() {
        assertRefused("input_ids", 1124, "input_ids of example 0, position 0 is 1124, expected 0 to 1123");
        assertRefused("input_ids", -1, "input_ids of example 0, position 0 is -1");
        assertRefused("token_type_ids", 16, "token_type_ids of example 0, position 0 is 16, expected 0 to 15");
        assertRefused("attention_mask", 2, "attention_mask of example 0, position 0 is 2, expected 0 to 1");
        assertRefused("labels", 2, "label of example 0 is 2, expected 0 to 1");
    }

    @Test
    void shapesThatDoNotFitNeverReachTheEngine() {
        try (Model<Text, String, Classification> model = Models.withDropout()) {
            Batch<Example<Text, String>> good = model.collator(Padding.LONGEST).collate(EXAMPLES.subList(0, 2));
            Map<String, Tensor> tensors = new HashMap<>(good.tensors());
            tensors.put("attention_mask", Tensor.ofLongs(new long[] {1, 1}, 2, 1));

            assertThatThrownBy(() -> model.evaluate(new Batch<>(good.examples(), tensors)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("attention_mask has shape [2, 1]");
            tensors.put("input_ids", Tensor.ofLongs(new long[1026], 2, 513));
            assertThatThrownBy(() -> model.evaluate(new Batch<>(good.examples(), tensors)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "input_ids has shape [2, 513], expected [batch, sequence] with a sequence of 1 to 512");
            tensors.remove("input_ids");
            assertThatThrownBy(() -> model.evaluate(new Batch<>(good.examples(), tensors)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no tensor 'input_ids'");
        }
    }

    @Test
    void callsAtTheWrongMomentAreRefused() {
        Model<Text, String, Classification> model = Models.withDropout();
        TrainingSession<Example<Text, String>> session = model.startTraining(options());
        Collator<Example<Text, String>> collator = model.collator(Padding.LONGEST);
        Batch<Example<Text, String>> batch = collator.collate(EXAMPLES);

        assertThatThrownBy(() -> session.step(1e-3)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.clipGradNorm(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> model.startTraining(options())).isInstanceOf(IllegalStateException.class);
        session.close();
        session.close();
        assertThatThrownBy(() -> session.forwardBackward(batch)).isInstanceOf(IllegalStateException.class);
        model.close();
        model.close();
        assertThatThrownBy(() -> model.evaluate(batch)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> model.predict(Text.of("late"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingTheModelEndsItsSession() {
        Model<Text, String, Classification> model = Models.withDropout();
        Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(EXAMPLES);
        TrainingSession<Example<Text, String>> session = model.startTraining(options());

        model.close();

        assertThatThrownBy(() -> session.forwardBackward(batch)).isInstanceOf(IllegalStateException.class);
    }

    private static void assertRefused(String tensor, long number, String message) {
        try (Model<Text, String, Classification> model = Models.withDropout();
                TrainingSession<Example<Text, String>> session = model.startTraining(options())) {
            Batch<Example<Text, String>> good = model.collator(Padding.LONGEST).collate(EXAMPLES.subList(0, 2));
            Tensor old = good.tensor(tensor);
            long[] numbers = new long[old.longs().remaining()];
            old.longs().get(numbers);
            numbers[0] = number;
            int[] shape = old.shape().stream().mapToInt(Integer::intValue).toArray();
            Map<String, Tensor> tensors = new HashMap<>(good.tensors());
            tensors.put(tensor, Tensor.ofLongs(numbers, shape));
            Batch<Example<Text, String>> bad = new Batch<>(good.examples(), tensors);

            assertThatThrownBy(() -> session.forwardBackward(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(message);
            assertThatThrownBy(() -> model.evaluate(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(message);
        }
    }

    private static byte[] train(long seed, Path folder) throws IOException {
        try (Model<Text, String, Classification> model = Models.withDropout();
                TrainingSession<Example<Text, String>> session =
                        model.startTraining(options().seed(seed))) {
            Collator<Example<Text, String>> collator = model.collator(Padding.LONGEST);
            for (int at = 0; at < EXAMPLES.size(); at += 6) {
                session.forwardBackward(collator.collate(EXAMPLES.subList(at, at + 6)));
                session.clipGradNorm(1.0);
                session.step(1e-3);
                session.zeroGrad();
            }
            model.save(folder);
            return Files.readAllBytes(folder.resolve("model.safetensors"));
        }
    }

    private static SessionOptions options() {
        return SessionOptions.of(AdamW.defaults());
    }
}
