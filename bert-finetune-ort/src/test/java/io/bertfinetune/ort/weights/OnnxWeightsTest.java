package io.bertfinetune.ort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.onnx.Attribute;
import io.bertfinetune.ort.onnx.Initializer;
import io.bertfinetune.ort.onnx.OnnxGraph;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxWeightsTest {
    private static final String LAYER = "encoder.layer.0.";
    private static final List<String> DENSE = List.of(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "intermediate.dense",
            "output.dense");

    private static Path export(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(OnnxWeightsTest.class.getResource("/onnx_exports/" + name))
                .toURI());
    }

    private static float[] floats(Weights weights, String name) {
        FloatBuffer target = FloatBuffer.allocate(
                weights.shape(name).stream().reduce(1L, Math::multiplyExact).intValue());
        weights.copy(name, target);
        return target.array();
    }

    /** Both exporters of PyTorch; see onnx_exports.py. In one, layers share some tensors. */
    @ParameterizedTest
    @ValueSource(strings = {"script", "dynamo"})
    void everyParameterOfAnExportIsThatOfTheCheckpoint(String exporter) throws URISyntaxException {
        try (OnnxWeights exported = OnnxWeights.open(exporter, export(exporter + "/model.onnx"));
                SafeTensorsWeights saved =
                        SafeTensorsWeights.open("saved", List.of(export(exporter + "/model.safetensors")))) {
            assertThat(exported.names()).containsExactlyInAnyOrderElementsOf(saved.names());
            for (String name : saved.names()) {
                assertThat(exported.shape(name)).as(name).isEqualTo(saved.shape(name));
                assertThat(floats(exported, name)).as(name).isEqualTo(floats(saved, name));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"script", "dynamo"})
    void theConfigurationIsReadFromTheGraph(String exporter) throws URISyntaxException {
        try (OnnxWeights exported = OnnxWeights.open(exporter, export(exporter + "/model.onnx"))) {
            BertConfig config = exported.inferConfig();

            assertThat(config.vocabSize()).isEqualTo(20);
            assertThat(config.hiddenSize()).isEqualTo(8);
            assertThat(config.numHiddenLayers()).isEqualTo(2);
            assertThat(config.numAttentionHeads()).isEqualTo(2);
            assertThat(config.intermediateSize()).isEqualTo(12);
            assertThat(config.maxPositionEmbeddings()).isEqualTo(16);
            assertThat(config.typeVocabSize()).isEqualTo(2);
            assertThat(config.layerNormEps()).isEqualTo(1e-12);
        }
    }

    /** One layer of a graph, [2, 2] matrices, of which the query's is the one that matters. */
    private static final class Sketch {
        private final List<OnnxNode> nodes = new ArrayList<>();
        private final List<Initializer> tensors = new ArrayList<>();

        private Sketch() {
            for (String table : List.of("word", "position", "token_type")) {
                tensors.add(matrix("embeddings." + table + "_embeddings.weight"));
            }
            for (String dense : DENSE) {
                tensors.add(Initializer.ofFloats(LAYER + dense + ".bias", List.of(2L), 0, 0));
                if (!dense.endsWith("query")) {
                    tensors.add(matrix(LAYER + dense + ".weight"));
                }
            }
            node("Erf", List.of("x"), "erf");
        }

        private static Initializer matrix(String name) {
            return Initializer.ofFloats(name, List.of(2L, 2L), 1, 2, 3, 4);
        }

        private Sketch node(String type, List<String> inputs, String output) {
            return node(type, inputs, output, Map.of());
        }

        private Sketch node(String type, List<String> inputs, String output, Map<String, Attribute> attributes) {
            nodes.add(new OnnxNode("", type, "", inputs, List.of(output), attributes));
            return this;
        }

        private Sketch tensor(Initializer tensor) {
            tensors.add(tensor);
            return this;
        }

        private OnnxWeights weights() {
            return OnnxWeights.of(
                    new OnnxModel(new OnnxGraph("g", nodes, List.of(), List.of(), tensors), 8, Map.of("", 17)),
                    "export");
        }
    }

    private static final String QUERY_BIAS = LAYER + "attention.self.query.bias";

    private static float[] query(UnaryOperator<Sketch> product) {
        OnnxWeights weights = product.apply(new Sketch()).weights();
        return floats(weights, "bert." + LAYER + "attention.self.query.weight");
    }

    @Test
    void aNamelessMatrixIsCalledAfterItsBiasAndTransposedBack() {
        float[] query = query(sketch -> sketch.tensor(Sketch.matrix("onnx::MatMul_7"))
                .node("MatMul", List.of("x", "onnx::MatMul_7"), "product")
                .node("Add", List.of(QUERY_BIAS, "product"), "query"));

        assertThat(query).containsExactly(1, 3, 2, 4);
    }

    @Test
    void aMatrixTheGraphTransposesIsTakenAsItIs() {
        float[] query = query(sketch -> sketch.tensor(Sketch.matrix(LAYER + "attention.self.query.weight"))
                .node("Transpose", List.of(LAYER + "attention.self.query.weight"), "transposed")
                .node("MatMul", List.of("x", "transposed"), "product")
                .node("Add", List.of("product", QUERY_BIAS), "query"));

        assertThat(query).containsExactly(1, 2, 3, 4);
    }

    @Test
    void gemmSaysWhetherItTransposes() {
        float[] asItIs = query(sketch -> sketch.tensor(Sketch.matrix("m"))
                .node("Gemm", List.of("x", "m", QUERY_BIAS), "query", Map.of("transB", new Attribute.Int(1))));
        float[] transposed =
                query(sketch -> sketch.tensor(Sketch.matrix("m")).node("Gemm", List.of("x", "m", QUERY_BIAS), "query"));

        assertThat(asItIs).containsExactly(1, 2, 3, 4);
        assertThat(transposed).containsExactly(1, 3, 2, 4);
    }

    @Test
    void aMatrixMayBeAConstantAndShared() {
        float[] query = query(sketch -> sketch.node(
                        "Constant", List.of(), "c", Map.of("value", new Attribute.Tensor(Sketch.matrix(""))))
                .node("Identity", List.of("c"), "shared")
                .node("MatMul", List.of("x", "shared"), "product")
                .node("Add", List.of("product", QUERY_BIAS), "query"));

        assertThat(query).containsExactly(1, 3, 2, 4);
    }

    @Test
    void headsComeFromTheScaleIfTheShapeIsNotThere() {
        Sketch sketch = withQuery();
        sketch.nodes.add(new OnnxNode(
                "",
                "Constant",
                "",
                List.of(),
                List.of("scale"),
                Map.of("value", new Attribute.Tensor(Initializer.ofFloats("", List.of(), (float) Math.sqrt(2))))));
        sketch.node("Div", List.of("scores", "scale"), "scaled")
                .node("Add", List.of("scaled", "mask"), "masked")
                .node("Softmax", List.of("masked"), "weights");

        assertThat(sketch.weights().inferConfig().numAttentionHeads()).isEqualTo(1);
    }

    @Test
    void headsThatTheGraphDoesNotShowAreAskedFor() {
        assertThatThrownBy(() -> withQuery().weights().inferConfig())
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("does not show how many heads")
                .hasMessageContaining("config.json");
    }

    private static Sketch withQuery() {
        return new Sketch()
                .tensor(Sketch.matrix("m"))
                .node("MatMul", List.of("x", "m"), "product")
                .node("Add", List.of("product", QUERY_BIAS), "query");
    }

    @Test
    void quantizedAndRewrittenExportsAreNamed() {
        assertThatThrownBy(() -> new Sketch()
                        .node("MatMulInteger", List.of("x", "m"), "product")
                        .weights())
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("checkpoint export: 1 of its parameters are not found")
                .hasMessageContaining("quantized [MatMulInteger]");
        assertThatThrownBy(() -> new Sketch()
                        .node("Attention", List.of("x", "m"), "product")
                        .weights())
                .hasMessageContaining("ONNX Runtime's optimizer [Attention]");
        assertThatThrownBy(() -> new Sketch().weights()).hasMessageContaining("is it the export of a BERT?");
    }

    @Test
    void anotherActivationIsRefused() {
        Sketch sketch = withQuery();
        sketch.nodes.removeIf(node -> node.opType().equals("Erf"));
        sketch.node("Gelu", List.of("x"), "y", Map.of("approximate", new Attribute.Text("tanh")));

        assertThatThrownBy(() -> sketch.weights().inferConfig())
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("exact GELU");
    }

    @Test
    void aScaledProductIsRefused() {
        assertThatThrownBy(() -> query(sketch -> sketch.tensor(Sketch.matrix("m"))
                        .node("Gemm", List.of("x", "m", QUERY_BIAS), "q", Map.of("alpha", new Attribute.Float(2)))))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("alpha 2.0, expected 1");
    }

    @Test
    void matricesThatShareABiasCannotBeTold() {
        assertThatThrownBy(() -> withQuery()
                        .tensor(Sketch.matrix("n"))
                        .node("MatMul", List.of("x", "n"), "other")
                        .node("Add", List.of("other", QUERY_BIAS), "sum")
                        .weights())
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("both m and n would be bert.encoder.layer.0.attention.self.query.weight");
    }

    @Test
    void wholeNumbersAreNoParameters() {
        Sketch sketch = withQuery().tensor(Initializer.ofLongs("pooler.dense.bias", List.of(1L), 7));

        assertThatThrownBy(() -> sketch.weights().copy("bert.pooler.dense.bias", FloatBuffer.allocate(1)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("bert.pooler.dense.bias is INT64");
    }

    @Test
    void refusesRoomOfAnotherSizeUnknownNamesAndUseAfterClose() {
        OnnxWeights weights = withQuery().weights();

        assertThatThrownBy(() -> weights.copy("bert." + QUERY_BIAS, FloatBuffer.allocate(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds 2 numbers, the buffer has room for 3");
        assertThatThrownBy(() -> weights.shape("classifier.bias")).isInstanceOf(IllegalArgumentException.class);
        weights.close();
        assertThatThrownBy(() -> weights.copy("bert." + QUERY_BIAS, FloatBuffer.allocate(2)))
                .isInstanceOf(IllegalStateException.class);
    }
}
