package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.capi.CudaNatives;
import io.bertfinetune.ort.capi.StandIn;
import io.bertfinetune.ort.heads.SequenceClassificationHead;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.weights.SafeTensors;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a training step copies and keeps on a GPU, seen on a stand-in for one. */
@Tag("long")
class CudaTrainingTest {
    /** Gradients are summed up and parameters updated in pieces of so many numbers. */
    private static final long PIECE = 1 << 24;

    /** How many examples {@link TrainsOnCuda} has in a batch. */
    private static final int EXAMPLES = 8;

    @TempDir
    private Path folder;

    /** MiniLM and BERT-base, on both builds, with fused kernels where there are any and without. */
    static Stream<Arguments> modelsAndBuilds() {
        BertConfig miniLm = sizes(384, 6, 12, 1536).build();
        BertConfig base = sizes(768, 12, 12, 3072).build();
        return Stream.of(Precision.FLOAT32, Precision.BFLOAT16)
                .flatMap(precision -> Stream.of(
                        Arguments.of(CudaNatives.BYTEDECO, true, precision, miniLm),
                        Arguments.of(CudaNatives.BYTEDECO, false, precision, miniLm),
                        Arguments.of(CudaNatives.MICROSOFT, true, precision, miniLm),
                        Arguments.of(CudaNatives.BYTEDECO, true, precision, base),
                        Arguments.of(CudaNatives.MICROSOFT, true, precision, base)));
    }

    private static BertConfig.Builder sizes(int hidden, int layers, int heads, int intermediate) {
        return BertConfig.builder()
                .vocabSize(30_522)
                .hiddenSize(hidden)
                .numHiddenLayers(layers)
                .numAttentionHeads(heads)
                .intermediateSize(intermediate)
                .maxPositionEmbeddings(512)
                .typeVocabSize(2);
    }

    @ParameterizedTest
    @MethodSource("modelsAndBuilds")
    void aThousandStepsCopyTheirBatchTheirMasksAndALossAndTakeNoMoreMemory(
            CudaNatives natives, boolean fused, Precision precision, BertConfig config) throws IOException {
        StandIn standIn = StandIn.of(natives);
        writeRandom(config);

        StandIn.Result result = standIn.run(
                TrainsOnCuda.class,
                Map.of("JAVA_TOOL_OPTIONS", "-Dio.bertfinetune.cuda.fused=" + fused),
                folder.toString(),
                precision.name(),
                "1000");

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.number("D2H_BYTES"))
                .as("the loss, and a sum of squares for each piece")
                .isEqualTo(4 + 4 * ((result.number("parameters") + PIECE - 1) / PIECE));
        long tokens = result.number("tokens");
        long droppable = tokens * config.hiddenSize()
                + config.numHiddenLayers()
                        * (2 * tokens * config.hiddenSize() + config.numAttentionHeads() * tokens * tokens / EXAMPLES);
        assertThat(result.number("H2D_BYTES"))
                .as("ids, mask and types; a bit for each number that may drop; labels and the numbers of the step")
                .isLessThan(3 * Long.BYTES * tokens + droppable / Byte.SIZE + 20_000);
        assertThat(result.number("PRODUCTS")).isGreaterThan(18L * config.numHiddenLayers());
        assertThat(result.number("before"))
                .as("copies of a batch that is not fed yet")
                .isZero();
        assertThat(result.number("arrived")).as("copies of it once it is").isOne();
        assertThat(result.number("grown")).isZero();
        assertThat(result.number("left")).isZero();
    }

    /** A model of this size with the tokenizer of the tiny one. */
    private void writeRandom(BertConfig config) throws IOException {
        for (String file : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")) {
            Files.copy(Golden.path("tiny_bert").resolve(file), folder.resolve(file));
        }
        Files.writeString(
                folder.resolve("config.json"), config.toJson(List.of("no", "yes"), "single_label_classification"));
        StepGraph graph =
                StepGraph.prediction(config, new SequenceClassificationHead(config, List.of("no", "yes"), Map.of()));
        Map<String, SafeTensors.Source> tensors = new TreeMap<>();
        graph.parameters().forEach((name, value) -> {
            int count = Math.toIntExact(value.shape().size().size());
            List<Long> shape = Stream.of(value.shape().toArray())
                    .flatMapToLong(java.util.Arrays::stream)
                    .boxed()
                    .toList();
            tensors.put(name, new SafeTensors.Source(shape, () -> FloatBuffer.allocate(count)));
        });
        SafeTensors.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    }
}
