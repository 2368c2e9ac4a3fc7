package io.bertfinetune.ort.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.ort.autodiff.Autodiff;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.engine.OrtEngine;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.heads.SequenceClassificationHead;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.models.BertEncoder;
import io.bertfinetune.ort.models.BertInputs;
import io.bertfinetune.ort.nn.Dropout;
import io.bertfinetune.ort.nn.Scope;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pass changes the time a step takes and nothing else. */
class CpuLoweringTest {
    private static final Map<String, Long> SIZES = Map.of("batch", 3L, "sequence", 5L);
    private static final Program STEP = step();

    static Stream<String> passes() {
        return CpuLowering.standard().optionalPasses().stream();
    }

    @ParameterizedTest
    @MethodSource("passes")
    void withoutAPassTheStepComputesTheSame(String pass) {
        Map<String, float[]> with = run(CpuLowering.standard());
        Map<String, float[]> without = run(CpuLowering.standard().without(pass));

        assertThat(without.keySet()).isEqualTo(with.keySet());
        without.forEach((name, numbers) -> {
            for (int i = 0; i < numbers.length; i++) {
                assertThat(numbers[i]).as(name).isCloseTo(with.get(name)[i], within(2e-5f));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("passes")
    void everyPassChangesTheNodes(String pass) {
        assertThat(opTypes(CpuLowering.standard().without(pass))).isNotEqualTo(opTypes(CpuLowering.standard()));
    }

    @Test
    void attentionIsReachedByStrideAndBiasesAreSummedByProducts() {
        List<String> ops = opTypes(CpuLowering.standard());

        assertThat(ops).contains("FusedMatMul", "Gemm").doesNotContain("Gelu", "LayerNormalization");
        assertThat(ops.stream().filter("FusedMatMul"::equals).count())
                .as("six products a layer")
                .isEqualTo(2 * 6L);
    }

    @Test
    void anUnknownPassIsRefused() {
        assertThatThrownBy(() -> CpuLowering.standard().without("FoldEverything"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no pass 'FoldEverything'; there are [LayerNorms, SmallTables, ColumnSums");
    }

    @Test
    void anOutputThatIsAnInputIsCopied() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, io.bertfinetune.ort.graph.Shape.of(2));

        List<OnnxNode> nodes = CpuLowering.standard()
                .lower(Program.of("copy", Map.of("y", x)))
                .graph()
                .nodes();

        assertThat(nodes).extracting(OnnxNode::opType).containsExactly("Identity");
    }

    @Test
    void squaresThatAreOnlySummedAreNotWritten() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, io.bertfinetune.ort.graph.Shape.of(6));
        Value squares = x.times(x);

        assertThat(opTypes(Program.of("sum", Map.of("y", squares.sum()))))
                .contains("ReduceSumSquare")
                .doesNotContain("Mul", "ReduceSum");
        assertThat(opTypes(Program.of("both", Map.of("y", squares.sum(), "squares", squares))))
                .contains("Mul", "ReduceSum")
                .doesNotContain("ReduceSumSquare");
    }

    /** For an engine that has kernels of its own; what predicts shall not wait for these to be loaded. */
    @Test
    void whatTrainsMayBeOperatorsOfOurOwn() {
        CpuLowering lowering = CpuLowering.withOwnOperators();

        assertThat(lowering.lower(STEP).graph().nodes())
                .filteredOn(node -> node.domain().equals(OwnOperator.DOMAIN))
                .extracting(OnnxNode::opType)
                .as(
                        "gradients of the weights of six linear layers in each of two and of two more; GELU of each, LayerNorm of"
                                + " each twice and of the embeddings, and their gradients")
                .hasSize(14 + 2 * 2 + 2 * 5)
                .containsOnly("GemmFloat", "Gelu", "GeluGradient", "LayerNorm", "LayerNormGradient");
        assertThat(lowering.lower(prediction()))
                .isEqualTo(CpuLowering.standard().lower(prediction()));
    }

    private static Program prediction() {
        Graph graph = new Graph();
        Value x = graph.input("x", DataType.FLOAT, io.bertfinetune.ort.graph.Shape.of(2, 4));
        Value row = graph.input("row", DataType.FLOAT, io.bertfinetune.ort.graph.Shape.of(4));
        return Program.of("prediction", Map.of("y", x.gelu().layerNorm(row, row, 1e-12)));
    }

    private static List<String> opTypes(Program program) {
        return CpuLowering.standard().lower(program).graph().nodes().stream()
                .map(OnnxNode::opType)
                .toList();
    }

    private static List<String> opTypes(CpuLowering lowering) {
        return lowering.lower(STEP).graph().nodes().stream()
                .map(OnnxNode::opType)
                .toList();
    }

    static Program step() {
        BertConfig config = BertConfig.builder()
                .vocabSize(40)
                .hiddenSize(8)
                .numHiddenLayers(2)
                .numAttentionHeads(2)
                .intermediateSize(12)
                .maxPositionEmbeddings(6)
                .typeVocabSize(2)
                .build();
        SequenceClassificationHead head = new SequenceClassificationHead(config, List.of("a", "b", "c"), Map.of());
        Graph graph = new Graph();
        Scope scope = Scope.of(graph);
        Dropout dropout = Dropout.on();
        Value hidden = new BertEncoder(config, dropout).encode(scope.at("bert"), BertInputs.of(graph), head.reads());
        Map<String, Value> outputs = head.outputs(scope, hidden, dropout);
        Value loss = head.lossSum(outputs, head.targets(graph));
        Map<Value, Value> gradients =
                Autodiff.gradients(loss, scope.parameters().values());
        Map<String, Value> wanted = new LinkedHashMap<>(Map.of("loss", loss));
        scope.parameters().forEach((name, parameter) -> wanted.put("gradient." + name, gradients.get(parameter)));
        return Program.of("step", wanted);
    }

    private static Map<String, float[]> run(CpuLowering lowering) {
        Random random = new Random(7);
        OrtEngine engine = OrtEngine.cpu(lowering, 2);
        Map<String, DeviceTensor> inputs = new HashMap<>();
        Map<String, DeviceTensor> outputs = new HashMap<>();
        Map<String, float[]> results = new LinkedHashMap<>();
        try (Executable program = engine.compile(STEP)) {
            STEP.inputs().forEach((name, input) -> inputs.put(name, random(engine, name, input, random)));
            STEP.outputs()
                    .forEach((name, output) -> outputs.put(
                            name, engine.allocate(DataType.FLOAT, output.shape().toArray(SIZES))));

            program.run(inputs, outputs);

            outputs.forEach((name, tensor) -> {
                float[] numbers = new float[(int) tensor.size()];
                tensor.read(bytes -> bytes.asFloatBuffer().get(numbers));
                results.put(name, numbers);
            });
        } finally {
            inputs.values().forEach(DeviceTensor::close);
            outputs.values().forEach(DeviceTensor::close);
        }
        return results;
    }

    private static DeviceTensor random(OrtEngine engine, String name, Value input, Random random) {
        DeviceTensor tensor = engine.allocate(input.type(), input.shape().toArray(SIZES));
        tensor.write(bytes -> {
            if (input.type() == DataType.FLOAT) {
                var numbers = bytes.asFloatBuffer();
                while (numbers.hasRemaining()) {
                    numbers.put(
                            name.startsWith("dropout")
                                    ? random.nextInt(10) == 0 ? 0 : 1.1f
                                    : (float) random.nextGaussian());
                }
            } else {
                var ids = bytes.asLongBuffer();
                while (ids.hasRemaining()) {
                    ids.put(
                            name.equals("input_ids")
                                    ? random.nextInt(40)
                                    : name.equals("attention_mask") ? 1 : random.nextInt(2));
                }
            }
        });
        return tensor;
    }
}
