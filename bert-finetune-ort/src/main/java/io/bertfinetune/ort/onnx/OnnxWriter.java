package io.bertfinetune.ort.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes models as ONNX files. The same model always gives the same bytes. */
public final class OnnxWriter {
    private static final int LENGTH_DELIMITED = 2;

    private interface Body {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private OnnxWriter() {}

    /**
     * Writes a model, its initializers one after the other, so that none needs to fit into the heap.
     *
     * @param model the model
     * @param out where to; not closed
     * @throws IOException if it cannot be written, or the numbers of an initializer not read
     * @throws IllegalArgumentException if the model is larger than protobuf's 2 GB
     */
    public static void write(OnnxModel model, OutputStream out) throws IOException {
        OnnxGraph graph = model.graph();
        byte[] beforeInitializers = message(body -> {
            for (OnnxNode node : graph.nodes()) {
                body.writeByteArray(Fields.Graph.NODE, node(node));
            }
            body.writeString(Fields.Graph.NAME, graph.name());
        });
        List<byte[]> heads = new ArrayList<>();
        for (Initializer initializer : graph.initializers()) {
            heads.add(tensorWithoutNumbers(initializer));
        }
        byte[] afterInitializers = message(body -> {
            for (OnnxValueInfo input : graph.inputs()) {
                body.writeByteArray(Fields.Graph.INPUT, valueInfo(input));
            }
            for (OnnxValueInfo output : graph.outputs()) {
                body.writeByteArray(Fields.Graph.OUTPUT, valueInfo(output));
            }
        });
        long graphSize = (long) beforeInitializers.length + afterInitializers.length;
        for (int i = 0; i < heads.size(); i++) {
            long size = heads.get(i).length + graph.initializers().get(i).data().size();
            graphSize += CodedOutputStream.computeTagSize(Fields.Graph.INITIALIZER)
                    + CodedOutputStream.computeUInt64SizeNoTag(size)
                    + size;
        }
        if (graphSize > Integer.MAX_VALUE - (1 << 16)) {
            throw new IllegalArgumentException(
                    "model " + graph.name() + " takes " + graphSize + " bytes, an ONNX file holds at most 2 GB");
        }

        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        coded.writeInt64(Fields.Model.IR_VERSION, model.irVersion());
        coded.writeString(Fields.Model.PRODUCER_NAME, "bert-finetune");
        coded.writeTag(Fields.Model.GRAPH, LENGTH_DELIMITED);
        coded.writeUInt64NoTag(graphSize);
        coded.writeRawBytes(beforeInitializers);
        for (int i = 0; i < heads.size(); i++) {
            Initializer.Data data = graph.initializers().get(i).data();
            coded.writeTag(Fields.Graph.INITIALIZER, LENGTH_DELIMITED);
            coded.writeUInt64NoTag(heads.get(i).length + data.size());
            coded.writeRawBytes(heads.get(i));
            coded.flush();
            Counting counting = new Counting(out);
            data.writeTo(counting);
            if (counting.count != data.size()) {
                throw new IllegalStateException(
                        "initializer " + graph.initializers().get(i).name() + " promised " + data.size()
                                + " bytes and wrote " + counting.count);
            }
        }
        coded.writeRawBytes(afterInitializers);
        for (Map.Entry<String, Integer> opset : model.opsets().entrySet()) {
            coded.writeByteArray(Fields.Model.OPSET_IMPORT, message(body -> {
                body.writeString(Fields.OperatorSet.DOMAIN, opset.getKey());
                body.writeInt64(Fields.OperatorSet.VERSION, opset.getValue());
            }));
        }
        coded.flush();
    }

    /**
     * A model as the bytes of an ONNX file.
     *
     * @param model the model, small enough for the heap
     * @return the bytes
     * @throws UncheckedIOException if the numbers of an initializer cannot be read
     */
    public static byte[] toBytes(OnnxModel model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(model, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] node(OnnxNode node) throws IOException {
        return message(body -> {
            for (String input : node.inputs()) {
                body.writeString(Fields.Node.INPUT, input);
            }
            for (String output : node.outputs()) {
                body.writeString(Fields.Node.OUTPUT, output);
            }
            if (!node.name().isEmpty()) {
                body.writeString(Fields.Node.NAME, node.name());
            }
            body.writeString(Fields.Node.OP_TYPE, node.opType());
            for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
                body.writeByteArray(Fields.Node.ATTRIBUTE, attribute(node, attribute.getKey(), attribute.getValue()));
            }
            if (!node.domain().isEmpty()) {
                body.writeString(Fields.Node.DOMAIN, node.domain());
            }
        });
    }

    private static byte[] attribute(OnnxNode node, String name, Attribute attribute) throws IOException {
        return message(body -> {
            body.writeString(Fields.Attribute.NAME, name);
            int type;
            if (attribute instanceof Attribute.Int number) {
                type = Fields.Attribute.TYPE_INT;
                body.writeInt64(Fields.Attribute.I, number.value());
            } else if (attribute instanceof Attribute.Float number) {
                type = Fields.Attribute.TYPE_FLOAT;
                body.writeFloat(Fields.Attribute.F, number.value());
            } else if (attribute instanceof Attribute.Text text) {
                type = Fields.Attribute.TYPE_STRING;
                body.writeByteArray(Fields.Attribute.S, text.value().getBytes(StandardCharsets.UTF_8));
            } else if (attribute instanceof Attribute.Ints numbers) {
                type = Fields.Attribute.TYPE_INTS;
                for (long number : numbers.values()) {
                    body.writeInt64(Fields.Attribute.INTS, number);
                }
            } else if (attribute instanceof Attribute.Floats numbers) {
                type = Fields.Attribute.TYPE_FLOATS;
                for (float number : numbers.values()) {
                    body.writeFloat(Fields.Attribute.FLOATS, number);
                }
            } else if (attribute instanceof Attribute.Tensor tensor) {
                type = Fields.Attribute.TYPE_TENSOR;
                body.writeByteArray(Fields.Attribute.T, tensor(tensor.value()));
            } else {
                throw new IllegalArgumentException("node " + node.name() + " (" + node.opType() + "): attribute " + name
                        + " is of a kind that cannot be written, " + attribute);
            }
            body.writeInt32(Fields.Attribute.TYPE, type);
        });
    }

    private static byte[] tensor(Initializer tensor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(tensorWithoutNumbers(tensor));
        tensor.data().writeTo(bytes);
        return bytes.toByteArray();
    }

    /** The message up to and with the length of its last field, the numbers. */
    private static byte[] tensorWithoutNumbers(Initializer tensor) throws IOException {
        return message(body -> {
            for (long dim : tensor.dims()) {
                body.writeInt64(Fields.Tensor.DIMS, dim);
            }
            body.writeInt32(Fields.Tensor.DATA_TYPE, tensor.elementType());
            body.writeString(Fields.Tensor.NAME, tensor.name());
            body.writeTag(Fields.Tensor.RAW_DATA, LENGTH_DELIMITED);
            body.writeUInt64NoTag(tensor.data().size());
        });
    }

    private static byte[] valueInfo(OnnxValueInfo info) throws IOException {
        byte[] shape = message(body -> {
            for (OnnxDimension dimension : info.shape()) {
                body.writeByteArray(Fields.Shape.DIM, dimension(dimension));
            }
        });
        byte[] tensorType = message(body -> {
            body.writeInt32(Fields.TensorType.ELEM_TYPE, info.elementType());
            body.writeByteArray(Fields.TensorType.SHAPE, shape);
        });
        byte[] type = message(body -> body.writeByteArray(Fields.Type.TENSOR_TYPE, tensorType));
        return message(body -> {
            body.writeString(Fields.ValueInfo.NAME, info.name());
            body.writeByteArray(Fields.ValueInfo.TYPE, type);
        });
    }

    private static byte[] dimension(OnnxDimension dimension) throws IOException {
        return message(body -> {
            if (dimension instanceof OnnxDimension.Known known) {
                body.writeInt64(Fields.Dimension.DIM_VALUE, known.size());
            } else if (dimension instanceof OnnxDimension.Named named
                    && !named.name().isEmpty()) {
                body.writeString(Fields.Dimension.DIM_PARAM, named.name());
            }
        });
    }

    private static byte[] message(Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        body.writeTo(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static final class Counting extends OutputStream {
        private final OutputStream out;
        private long count;

        private Counting(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }
}
