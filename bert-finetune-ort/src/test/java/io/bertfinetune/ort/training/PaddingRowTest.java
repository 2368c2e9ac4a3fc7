package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Sgd;
import io.bertfinetune.ort.engine.DistantEngine;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** PyTorch's {@code padding_idx} of the word embeddings: a row that nothing is added to, and of no other table. */
class PaddingRowTest {
    private static final int WIDTH = 8;
    private static final int PADDING = 0;

    static Stream<Arguments> vocabulariesAndPlaces() {
        return Stream.of(100, 2_000)
                .flatMap(size ->
                        Stream.of(Arguments.of(size, OrtEngine.cpu()), Arguments.of(size, new DistantEngine())));
    }

    /** As where a text says {@code [PAD]}: its token is attended to. */
    @ParameterizedTest
    @MethodSource("vocabulariesAndPlaces")
    void theWordForPaddingLearnsNothingThoughItIsRead(int vocabulary, Engine engine) {
        BertConfig config = config().vocabSize(vocabulary).build();

        float[] words = gradient(engine, config, "bert.embeddings.word_embeddings.weight");

        assertThat(row(words, PADDING)).containsOnly(0f);
        assertThat(row(words, 5)).doesNotContain(0f);
        assertThat(row(words, 7)).doesNotContain(0f);
        assertThat(row(words, 8)).containsOnly(0f); // not read
    }

    @ParameterizedTest
    @MethodSource("vocabulariesAndPlaces")
    void inOtherTablesTheRowWithThatNumberLearns(int rows, Engine engine) {
        BertConfig config =
                config().maxPositionEmbeddings(rows).typeVocabSize(rows).build();

        assertThat(row(gradient(engine, config, "bert.embeddings.position_embeddings.weight"), PADDING))
                .doesNotContain(0f);
        assertThat(row(gradient(engine, config, "bert.embeddings.token_type_embeddings.weight"), PADDING))
                .doesNotContain(0f);
    }

    @Test
    void whatLiesBehindATableWouldBeLeftOut() {
        List<ParameterInfo> parameters =
                List.of(new ParameterInfo("table.weight", List.of(9, 2)), new ParameterInfo("z.weight", List.of(2, 2)));
        ParameterStore.Layout layout = new ParameterStore.Layout(parameters, Set.of());

        assertThatThrownBy(() -> new GradientStore(OrtEngine.cpu(), new Workers(1), layout, Set.of("table.weight")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter z.weight lies behind a table of [table.weight]; expected tables last");
    }

    private static BertConfig.Builder config() {
        return BertConfig.builder()
                .vocabSize(100)
                .hiddenSize(WIDTH)
                .numHiddenLayers(1)
                .numAttentionHeads(2)
                .intermediateSize(WIDTH)
                .maxPositionEmbeddings(16)
                .padTokenId(PADDING);
    }

    private static float[] gradient(Engine engine, BertConfig config, String parameter) {
        var head = Heads.of(SequenceClassification.of("no", "yes"), config);
        StepGraph graph = StepGraph.training(
                config,
                head,
                io.bertfinetune.ort.nn.Dropout.off(),
                engine.isOnHost() ? StepGraph.Form.ROWS_OF_TABLES : StepGraph.Form.WHOLE,
                name -> true,
                0);
        ParameterStore.Layout layout = ModelLoader.layout(graph);
        try (ParameterStore values = new ParameterStore(engine, layout)) {
            Heads.draw(values, Set.copyOf(values.names()), config, 3);
            values.write("bert.embeddings.LayerNorm.weight", numbers -> fill(numbers, 1));
            values.write("bert.encoder.layer.0.output.LayerNorm.weight", numbers -> fill(numbers, 1));
            values.write("bert.encoder.layer.0.attention.output.LayerNorm.weight", numbers -> fill(numbers, 1));
            try (OrtTrainingSession<Example<Text, String>> session = new OrtTrainingSession<>(
                    engine,
                    graph,
                    head,
                    new BatchFeed(config),
                    values,
                    SessionOptions.of(Sgd.defaults()),
                    new ReentrantLock(),
                    () -> {})) {
                session.forwardBackward(batch());
                return session.gradient(parameter);
            }
        }
    }

    private static void fill(java.nio.FloatBuffer numbers, float number) {
        while (numbers.hasRemaining()) {
            numbers.put(number);
        }
    }

    private static Batch<Example<Text, String>> batch() {
        return new Batch<>(
                Collections.nCopies(1, Example.of(Text.of("five [PAD] seven"), "yes")),
                Map.of(
                        "input_ids", Tensor.ofLongs(new long[] {5, PADDING, 7}, 1, 3),
                        "attention_mask", Tensor.ofLongs(new long[] {1, 1, 1}, 1, 3),
                        "token_type_ids", Tensor.ofLongs(new long[3], 1, 3),
                        "labels", Tensor.ofLongs(new long[] {1}, 1)));
    }

    private static float[] row(float[] table, int at) {
        return Arrays.copyOfRange(table, at * WIDTH, (at + 1) * WIDTH);
    }
}
