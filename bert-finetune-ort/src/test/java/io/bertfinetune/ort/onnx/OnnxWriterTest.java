package io.bertfinetune.ort.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnnxWriterTest {
    /** y = reshape(x · Wᵀ + b, [-1]), with every kind of attribute. */
    private static OnnxModel linear(Initializer weight) {
        OnnxNode gemm = new OnnxNode(
                "dense",
                "Gemm",
                "",
                List.of("x", "W", "b"),
                List.of("product"),
                Map.of("transB", new Attribute.Int(1), "alpha", new Attribute.Float(1)));
        OnnxNode shape = new OnnxNode(
                "",
                "Constant",
                "",
                List.of(),
                List.of("shape"),
                Map.of("value", new Attribute.Tensor(Initializer.ofLongs("", List.of(1L), -1))));
        OnnxNode reshape = new OnnxNode("", "Reshape", "", List.of("product", "shape"), List.of("y"), Map.of());
        return new OnnxModel(
                new OnnxGraph(
                        "linear",
                        List.of(gemm, shape, reshape),
                        List.of(new OnnxValueInfo(
                                "x", ElementType.FLOAT, List.of(OnnxDimension.named("batch"), OnnxDimension.of(2)))),
                        List.of(new OnnxValueInfo("y", ElementType.FLOAT, List.of(OnnxDimension.named("numbers")))),
                        List.of(weight, Initializer.ofFloats("b", List.of(3L), 10, 20, 30))),
                8,
                Map.of("", 17, "com.microsoft", 1));
    }

    private static Initializer weight() {
        return Initializer.ofFloats("W", List.of(3L, 2L), 1, 2, 3, 4, 5, 6);
    }

    @Test
    void onnxRuntimeRunsWhatIsWritten() throws OrtException, IOException {
        byte[] bytes = OnnxWriter.toBytes(linear(weight()));

        try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
                OrtSession session = environment.createSession(bytes);
                OnnxTensor x = OnnxTensor.createTensor(environment, new float[][] {{1, 0}, {0, 1}});
                OrtSession.Result result = session.run(Map.of("x", x))) {
            assertThat((float[]) result.get(0).getValue()).containsExactly(11, 23, 35, 12, 24, 36);
        }
        keep(bytes);
    }

    /** For the oracle script check_onnx.py. */
    private static void keep(byte[] bytes) throws IOException {
        String folder = System.getProperty("onnx.keep");
        if (folder != null) {
            Files.write(Path.of(folder, "linear.onnx"), bytes);
        }
    }

    @Test
    void readingGivesBackWhatWasWritten() throws IOException {
        OnnxModel model = linear(weight());

        OnnxModel read = OnnxReader.read(ByteBuffer.wrap(OnnxWriter.toBytes(model)), "test");

        assertThat(read.irVersion()).isEqualTo(8);
        assertThat(read.opsets()).isEqualTo(model.opsets());
        assertThat(read.graph().name()).isEqualTo("linear");
        assertThat(read.graph().inputs()).isEqualTo(model.graph().inputs());
        assertThat(read.graph().outputs()).isEqualTo(model.graph().outputs());
        assertThat(read.graph().nodes().get(0)).isEqualTo(model.graph().nodes().get(0));
        assertThat(read.graph().nodes().get(2)).isEqualTo(model.graph().nodes().get(2));
        Attribute.Tensor shape =
                (Attribute.Tensor) read.graph().nodes().get(1).attributes().get("value");
        assertThat(shape.value().bytes().getLong()).isEqualTo(-1);
        Initializer weight = read.graph().initializers().get(0);
        assertThat(weight.name()).isEqualTo("W");
        assertThat(weight.dims()).containsExactly(3L, 2L);
        assertThat(weight.bytes()).isEqualTo(weight().bytes());
    }

    @Test
    void readingGivesBackEveryKindOfAttributeButOther() {
        Map<String, Attribute> attributes = Map.of(
                "int", new Attribute.Int(Long.MIN_VALUE),
                "float", new Attribute.Float(-0.5f),
                "text", new Attribute.Text("größer"),
                "ints", new Attribute.Ints(List.of(1L, -2L)),
                "noInts", new Attribute.Ints(List.of()),
                "floats", new Attribute.Floats(List.of(1.5f, Float.NaN)));
        OnnxModel model = ofNode(new OnnxNode("n", "Op", "com.microsoft", List.of("a", ""), List.of("b"), attributes));

        OnnxModel read = OnnxReader.read(ByteBuffer.wrap(OnnxWriter.toBytes(model)), "test");

        assertThat(read.graph().nodes()).isEqualTo(model.graph().nodes());
        assertThatThrownBy(() -> OnnxWriter.toBytes(ofNode(new OnnxNode(
                        "n", "If", "", List.of(), List.of("b"), Map.of("then_branch", new Attribute.Other(5))))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("then_branch");
    }

    private static OnnxModel ofNode(OnnxNode node) {
        return new OnnxModel(new OnnxGraph("g", List.of(node), List.of(), List.of(), List.of()), 8, Map.of("", 17));
    }

    @Test
    void theOrderOfMapsDoesNotMatter() {
        Map<String, Attribute> forwards = new LinkedHashMap<>();
        forwards.put("a", new Attribute.Int(1));
        forwards.put("b", new Attribute.Int(2));
        Map<String, Attribute> backwards = new LinkedHashMap<>();
        backwards.put("b", new Attribute.Int(2));
        backwards.put("a", new Attribute.Int(1));

        byte[] one = OnnxWriter.toBytes(ofNode(new OnnxNode("n", "Op", "", List.of(), List.of(), forwards)));
        byte[] other = OnnxWriter.toBytes(ofNode(new OnnxNode("n", "Op", "", List.of(), List.of(), backwards)));

        assertThat(one).isEqualTo(other);
    }

    @Test
    void numbersAreFetchedInPiecesWhenTheyAreWritten() throws IOException {
        int count = 100_000;
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i * 0.25f;
        }
        int[] asked = {0};
        Initializer lazy = Initializer.ofFloats("W", List.of((long) count), () -> {
            asked[0]++;
            return FloatBuffer.wrap(values);
        });
        Initializer eager = Initializer.ofFloats("W", List.of((long) count), values);
        int[] largest = {0};
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int offset, int length) {
                largest[0] = Math.max(largest[0], length);
                super.write(bytes, offset, length);
            }
        };

        OnnxWriter.write(linear(lazy), out);

        assertThat(asked[0]).isEqualTo(1);
        assertThat(largest[0]).isLessThanOrEqualTo(1 << 16);
        assertThat(((ByteArrayOutputStream) out).toByteArray()).isEqualTo(OnnxWriter.toBytes(linear(eager)));
    }

    @Test
    void refusesMoreThanTwoGigabytes() {
        Initializer huge = Initializer.ofFloats("W", List.of(1L << 29), () -> FloatBuffer.allocate(0));

        assertThatThrownBy(() -> OnnxWriter.write(linear(huge), OutputStream.nullOutputStream()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 2 GB");
    }

    @Test
    void refusesDataOfAnotherLengthThanItsShape() {
        assertThatThrownBy(() -> Initializer.ofFloats("W", List.of(2L, 2L), 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("initializer W: FLOAT[2, 2] takes 16 bytes, found 12");
    }
}
