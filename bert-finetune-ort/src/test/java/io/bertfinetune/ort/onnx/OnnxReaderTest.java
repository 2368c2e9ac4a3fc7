package io.bertfinetune.ort.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import io.bertfinetune.error.ModelFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are built field by field here, as other programs write them and as nobody should. */
class OnnxReaderTest {
    private interface Body {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            body.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] modelWith(Body graph) {
        return message(out -> {
            out.writeInt64(Fields.Model.IR_VERSION, 8);
            out.writeByteArray(Fields.Model.GRAPH, message(graph));
        });
    }

    private static byte[] modelWithTensor(Body tensor) {
        return modelWith(out -> out.writeByteArray(Fields.Graph.INITIALIZER, message(tensor)));
    }

    private static OnnxModel read(byte[] bytes) {
        return OnnxReader.read(ByteBuffer.wrap(bytes), "model.onnx");
    }

    private static Initializer readTensor(Body tensor) {
        return read(modelWithTensor(tensor)).graph().initializers().get(0);
    }

    private static void head(CodedOutputStream out, int type, long... dims) throws IOException {
        for (long dim : dims) {
            out.writeInt64(Fields.Tensor.DIMS, dim);
        }
        out.writeInt32(Fields.Tensor.DATA_TYPE, type);
        out.writeString(Fields.Tensor.NAME, "t");
    }

    private static Body packed(int field, long... numbers) {
        return out -> out.writeByteArray(field, message(body -> {
            for (long number : numbers) {
                body.writeInt64NoTag(number);
            }
        }));
    }

    @Test
    void readsFloatData() throws IOException {
        Initializer tensor = readTensor(out -> {
            head(out, ElementType.FLOAT, 2);
            out.writeByteArray(Fields.Tensor.FLOAT_DATA, message(body -> {
                body.writeFloatNoTag(1.5f);
                body.writeFloatNoTag(-2);
            }));
        });

        assertThat(tensor.bytes().asFloatBuffer().get(0)).isEqualTo(1.5f);
        assertThat(tensor.bytes().asFloatBuffer().get(1)).isEqualTo(-2);
    }

    @Test
    void readsLongsPackedAsVarints() throws IOException {
        Initializer tensor = readTensor(out -> {
            head(out, ElementType.INT64, 3);
            packed(Fields.Tensor.INT64_DATA, -1, 0, Long.MAX_VALUE).writeTo(out);
        });

        assertThat(tensor.bytes())
                .isEqualTo(Initializer.ofLongs("", List.of(3L), -1, 0, Long.MAX_VALUE)
                        .bytes());
    }

    @Test
    void readsHalvesPackedAsInt32() throws IOException {
        Initializer tensor = readTensor(out -> {
            head(out, ElementType.FLOAT16, 2);
            packed(Fields.Tensor.INT32_DATA, 0x3C00, 0xC000).writeTo(out); // 1, -2
        });

        assertThat(tensor.bytes().getShort(0)).isEqualTo((short) 0x3C00);
        assertThat(tensor.bytes().getShort(2)).isEqualTo((short) 0xC000);
    }

    @Test
    void readsPackedDimensions() {
        Initializer tensor = readTensor(out -> {
            packed(Fields.Tensor.DIMS, 1, 2).writeTo(out);
            out.writeInt32(Fields.Tensor.DATA_TYPE, ElementType.BOOL);
            out.writeByteArray(Fields.Tensor.RAW_DATA, new byte[2]);
        });

        assertThat(tensor.dims()).containsExactly(1L, 2L);
    }

    @Test
    void readsTensorsWithoutNumbers() {
        assertThat(readTensor(out -> head(out, ElementType.FLOAT, 0)).count()).isZero();
    }

    @Test
    void numbersStayInTheFile(@TempDir Path folder) throws IOException {
        float[] values = new float[50_000];
        Arrays.fill(values, 3);
        OnnxModel model = new OnnxModel(
                new OnnxGraph(
                        "g",
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(
                                Initializer.ofFloats("a", List.of((long) values.length), values),
                                Initializer.ofLongs("b", List.of(), 7))),
                8,
                Map.of("", 17));
        Path file = Files.write(folder.resolve("model.onnx"), OnnxWriter.toBytes(model));

        List<Initializer> read = OnnxReader.read(file).graph().initializers();

        assertThat(read.get(0).data()).isInstanceOf(FileData.class);
        assertThat(read.get(0).bytes().asFloatBuffer().get(49_999)).isEqualTo(3);
        assertThat(read.get(1).bytes().getLong()).isEqualTo(7);
        Files.delete(file); // which Windows allows only if nothing holds it
        assertThatThrownBy(() -> read.get(0).bytes()).isInstanceOf(IOException.class);
    }

    @Test
    void refusesNumbersInOtherFilesWithoutOpeningThem() {
        for (String location : List.of("../secret", "/etc/passwd", "weights.data")) {
            byte[] entry = message(out -> {
                out.writeString(1, "location");
                out.writeString(2, location);
            });

            assertThatThrownBy(() -> readTensor(out -> {
                        head(out, ElementType.FLOAT, 1);
                        out.writeByteArray(Fields.Tensor.EXTERNAL_DATA, entry);
                    }))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("model.onnx: tensor 't'")
                    .hasMessageContaining("external data");
        }
        assertThatThrownBy(() -> readTensor(out -> {
                    head(out, ElementType.FLOAT, 0);
                    out.writeInt32(Fields.Tensor.DATA_LOCATION, 1);
                }))
                .hasMessageContaining("external data");
    }

    @Test
    void refusesNumbersThatDoNotFillTheShape() {
        assertThatThrownBy(() -> readTensor(out -> {
                    head(out, ElementType.FLOAT, 2, 3);
                    out.writeByteArray(Fields.Tensor.RAW_DATA, new byte[20]);
                }))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model.onnx: tensor 't': FLOAT[2, 3] takes 24 bytes, found 20");
    }

    @Test
    void refusesImpossibleShapes() {
        assertThatThrownBy(() -> readTensor(out -> head(out, ElementType.FLOAT, 1L << 40, 1L << 40)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("too large");
        assertThatThrownBy(() -> readTensor(out -> head(out, ElementType.FLOAT, -1)))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> readTensor(out -> head(out, ElementType.FLOAT, new long[100])))
                .hasMessageContaining("more than 64 dimensions");
    }

    @Test
    void refusesTextTensorsAndUnknownTypes() {
        assertThatThrownBy(() -> readTensor(out -> head(out, 8, 0)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("element type 8 is not supported");
    }

    @Test
    void refusesNumbersInTheFieldOfAnotherTypeOrInTwo() {
        assertThatThrownBy(() -> readTensor(out -> {
                    head(out, ElementType.FLOAT, 1);
                    packed(Fields.Tensor.INT64_DATA, 1).writeTo(out);
                }))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("field 7, expected 4 or 9");
        assertThatThrownBy(() -> readTensor(out -> {
                    head(out, ElementType.FLOAT, 1);
                    out.writeByteArray(Fields.Tensor.RAW_DATA, new byte[4]);
                    out.writeByteArray(Fields.Tensor.RAW_DATA, new byte[4]);
                }))
                .hasMessageContaining("in one piece");
    }

    @Test
    void refusesLengthsBeyondTheFile() {
        byte[] bytes = message(out -> {
            out.writeTag(Fields.Model.GRAPH, 2);
            out.writeUInt64NoTag(2_000_000_000);
        });

        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model.onnx: not an ONNX model, or cut off or damaged, in the model");
    }

    @Test
    void refusesWrongWireTypes() {
        assertThatThrownBy(() -> read(message(out -> out.writeString(Fields.Model.IR_VERSION, "eight"))))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model.onnx: the model: field 1 has wire type 2, expected 0");
        assertThatThrownBy(() -> read(message(out -> out.writeInt64(Fields.Model.GRAPH, 1))))
                .isInstanceOf(ModelFormatException.class);
        assertThatThrownBy(() -> read(message(out -> out.writeTag(99, 3))))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("group");
    }

    @Test
    void refusesWhatIsNoModel(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> read(new byte[0]))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("expected one graph, found 0");
        assertThatThrownBy(() -> read("<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ModelFormatException.class);
        assertThatThrownBy(() -> OnnxReader.read(folder.resolve("absent.onnx")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("absent.onnx");
        assertThatThrownBy(() -> OnnxReader.read(folder)).isInstanceOf(ModelFormatException.class);
    }

    @Test
    void graphsInAttributesAreSkipped() {
        byte[] node = message(out -> {
            out.writeString(Fields.Node.OP_TYPE, "If");
            out.writeByteArray(Fields.Node.ATTRIBUTE, message(attribute -> {
                attribute.writeString(Fields.Attribute.NAME, "then_branch");
                attribute.writeByteArray(6, new byte[0]);
                attribute.writeInt32(Fields.Attribute.TYPE, 5);
            }));
        });

        OnnxNode read = read(modelWith(out -> out.writeByteArray(Fields.Graph.NODE, node)))
                .graph()
                .nodes()
                .get(0);

        assertThat(read.attributes()).containsEntry("then_branch", new Attribute.Other(5));
    }

    @Test
    void everyCutIsNoticed(@TempDir Path folder) throws IOException {
        byte[] whole = small();
        Path file = folder.resolve("cut.onnx");
        int withoutOpsets = whole.length - 6; // the graph is whole, and only the operator sets after it are missing
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            Files.write(file, cut);

            if (length != withoutOpsets) {
                assertThatThrownBy(() -> read(cut)).isInstanceOf(ModelFormatException.class);
                assertThatThrownBy(() -> OnnxReader.read(file)).isInstanceOf(ModelFormatException.class);
            }
        }
    }

    @Test
    void damageEndsInAModelOrOneException() {
        byte[] whole = small();
        Random random = new Random(42);
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= round % 4; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }

            assertThatCode(() -> {
                        try {
                            read(damaged);
                        } catch (ModelFormatException expected) {
                            // the one way to fail
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    private static byte[] small() {
        OnnxNode node = new OnnxNode(
                "n",
                "Gemm",
                "",
                List.of("x", "W"),
                List.of("y"),
                Map.of(
                        "transB", new Attribute.Int(1),
                        "value", new Attribute.Tensor(Initializer.ofLongs("", List.of(1L), 4)),
                        "floats", new Attribute.Floats(List.of(1f, 2f))));
        OnnxValueInfo x =
                new OnnxValueInfo("x", ElementType.FLOAT, List.of(OnnxDimension.named("batch"), OnnxDimension.of(2)));
        return OnnxWriter.toBytes(new OnnxModel(
                new OnnxGraph(
                        "g",
                        List.of(node),
                        List.of(x),
                        List.of(new OnnxValueInfo("y", ElementType.FLOAT, List.of())),
                        List.of(Initializer.ofFloats("W", List.of(1L, 2L), 1, 2))),
                8,
                Map.of("", 17)));
    }
}
