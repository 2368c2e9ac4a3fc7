package io.bertfinetune.ort.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.bertfinetune.error.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads ONNX files. The numbers of initializers stay where they are until somebody asks for them.
 *
 * <p>Every length is checked against what is there before anything is reserved. A model whose numbers lie in other
 * files (ONNX's external data) is refused, and those files are not opened.
 */
public final class OnnxReader {
    private static final int MAX_RANK = 64;

    private interface FieldReader {
        void read(int tag) throws IOException;
    }

    private interface Payloads {
        Initializer.Data at(int offset, int size);
    }

    private final CodedInputStream in;
    private final Payloads payloads;
    private final String source;
    private String where = "the model";

    private OnnxReader(CodedInputStream in, Payloads payloads, String source) {
        this.in = in;
        this.payloads = payloads;
        this.source = source;
    }

    /**
     * Reads a model from a file. The file must stay as it is for as long as the initializers are read.
     *
     * @param file the file
     * @return the model
     * @throws ModelFormatException if the file cannot be read or is not an ONNX model
     */
    public static OnnxModel read(Path file) {
        try (InputStream stream = new FileInput(file)) {
            long size = Files.size(file);
            if (size > Integer.MAX_VALUE) {
                throw new ModelFormatException(
                        file + ": " + size + " bytes, but an ONNX file holds at most 2 GB; it is something else");
            }
            CodedInputStream in = CodedInputStream.newInstance(stream);
            in.pushLimit((int) size);
            return new OnnxReader(in, (offset, length) -> new FileData(file, offset, length), file.toString()).read();
        } catch (IOException e) {
            throw new ModelFormatException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a model from memory. The buffer must stay as it is for as long as the initializers are read.
     *
     * @param bytes the bytes of an ONNX file, between position and limit
     * @param source what error messages call it
     * @return the model
     * @throws ModelFormatException if it is not an ONNX model
     */
    public static OnnxModel read(ByteBuffer bytes, String source) {
        ByteBuffer whole = bytes.slice();
        return new OnnxReader(
                        CodedInputStream.newInstance(whole),
                        (offset, length) -> new BufferData(whole.slice(offset, length)),
                        source)
                .read();
    }

    private OnnxModel read() {
        try {
            return model();
        } catch (InvalidProtocolBufferException e) {
            throw new ModelFormatException(
                    source + ": not an ONNX model, or cut off or damaged, in " + where + ", before byte "
                            + in.getTotalBytesRead(),
                    e);
        } catch (IOException e) {
            throw new ModelFormatException(source + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private OnnxModel model() throws IOException {
        long[] irVersion = {0};
        List<OnnxGraph> graph = new ArrayList<>();
        Map<String, Integer> opsets = new LinkedHashMap<>();
        fields(tag -> {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case Fields.Model.IR_VERSION -> irVersion[0] = integer(tag);
                case Fields.Model.GRAPH -> graph.add(graph(tag));
                case Fields.Model.OPSET_IMPORT -> operatorSet(tag, opsets);
                default -> skip(tag);
            }
        });
        if (graph.size() != 1) {
            throw bad("expected one graph, found " + graph.size() + "; is it an ONNX model?");
        }
        if (irVersion[0] < 1 || irVersion[0] > Integer.MAX_VALUE) {
            throw bad("IR version is " + irVersion[0] + ", expected 1 or more");
        }
        return new OnnxModel(graph.get(0), (int) irVersion[0], opsets);
    }

    private void operatorSet(int tag, Map<String, Integer> opsets) throws IOException {
        String[] domain = {""};
        long[] version = {0};
        message(tag, field -> {
            switch (WireFormat.getTagFieldNumber(field)) {
                case Fields.OperatorSet.DOMAIN -> domain[0] = text(field);
                case Fields.OperatorSet.VERSION -> version[0] = integer(field);
                default -> skip(field);
            }
        });
        if (version[0] < 0 || version[0] > Integer.MAX_VALUE) {
            throw bad("version of operator set '" + domain[0] + "' is " + version[0]);
        }
        opsets.put(domain[0].equals("ai.onnx") ? "" : domain[0], (int) version[0]);
    }

    private OnnxGraph graph(int tag) throws IOException {
        String[] name = {""};
        List<OnnxNode> nodes = new ArrayList<>();
        List<OnnxValueInfo> inputs = new ArrayList<>();
        List<OnnxValueInfo> outputs = new ArrayList<>();
        List<Initializer> initializers = new ArrayList<>();
        message(tag, field -> {
            where = "the graph";
            switch (WireFormat.getTagFieldNumber(field)) {
                case Fields.Graph.NODE -> {
                    where = "node " + nodes.size();
                    nodes.add(node(field));
                }
                case Fields.Graph.NAME -> name[0] = text(field);
                case Fields.Graph.INITIALIZER -> {
                    where = "initializer " + initializers.size();
                    initializers.add(tensor(field));
                }
                case Fields.Graph.INPUT -> {
                    where = "input " + inputs.size();
                    inputs.add(valueInfo(field));
                }
                case Fields.Graph.OUTPUT -> {
                    where = "output " + outputs.size();
                    outputs.add(valueInfo(field));
                }
                case Fields.Graph.SPARSE_INITIALIZER -> throw bad("sparse initializers are not read");
                default -> skip(field);
            }
        });
        where = "the model";
        return new OnnxGraph(name[0], nodes, inputs, outputs, initializers);
    }

    private OnnxNode node(int tag) throws IOException {
        String[] name = {""};
        String[] opType = {""};
        String[] domain = {""};
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        message(tag, field -> {
            switch (WireFormat.getTagFieldNumber(field)) {
                case Fields.Node.INPUT -> inputs.add(text(field));
                case Fields.Node.OUTPUT -> outputs.add(text(field));
                case Fields.Node.NAME -> name[0] = text(field);
                case Fields.Node.OP_TYPE -> opType[0] = text(field);
                case Fields.Node.ATTRIBUTE -> attribute(field, attributes);
                case Fields.Node.DOMAIN -> domain[0] = text(field);
                default -> skip(field);
            }
        });
        return new OnnxNode(
                name[0], opType[0], domain[0].equals("ai.onnx") ? "" : domain[0], inputs, outputs, attributes);
    }

    private void attribute(int tag, Map<String, Attribute> attributes) throws IOException {
        String[] name = {""};
        long[] type = {0};
        long[] number = {0};
        float[] real = {0};
        byte[][] bytes = {new byte[0]};
        List<Initializer> tensor = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        List<Float> reals = new ArrayList<>();
        message(tag, field -> {
            switch (WireFormat.getTagFieldNumber(field)) {
                case Fields.Attribute.NAME -> name[0] = text(field);
                case Fields.Attribute.TYPE -> type[0] = integer(field);
                case Fields.Attribute.I -> number[0] = integer(field);
                case Fields.Attribute.F -> real[0] = real(field);
                case Fields.Attribute.S -> {
                    expect(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                    bytes[0] = in.readByteArray();
                }
                case Fields.Attribute.T -> tensor.add(tensor(field));
                case Fields.Attribute.INTS -> integers(field, numbers, Integer.MAX_VALUE);
                case Fields.Attribute.FLOATS -> reals(field, reals);
                default -> skip(field);
            }
        });
        Attribute attribute = switch ((int) type[0]) {
            case Fields.Attribute.TYPE_INT -> new Attribute.Int(number[0]);
            case Fields.Attribute.TYPE_FLOAT -> new Attribute.Float(real[0]);
            case Fields.Attribute.TYPE_STRING -> textOrOther(bytes[0]);
            case Fields.Attribute.TYPE_INTS -> new Attribute.Ints(numbers);
            case Fields.Attribute.TYPE_FLOATS -> new Attribute.Floats(reals);
            case Fields.Attribute.TYPE_TENSOR -> {
                if (tensor.size() != 1) {
                    throw bad("attribute " + name[0] + " holds " + tensor.size() + " tensors, expected 1");
                }
                yield new Attribute.Tensor(tensor.get(0));
            }
            default -> new Attribute.Other((int) type[0]);
        };
        attributes.put(name[0], attribute);
    }

    private static Attribute textOrOther(byte[] bytes) {
        try {
            return new Attribute.Text(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return new Attribute.Other(Fields.Attribute.TYPE_STRING);
        }
    }

    private OnnxValueInfo valueInfo(int tag) throws IOException {
        String[] name = {""};
        long[] elementType = {0};
        List<OnnxDimension> shape = new ArrayList<>();
        message(tag, field -> {
            switch (WireFormat.getTagFieldNumber(field)) {
                case Fields.ValueInfo.NAME -> name[0] = text(field);
                case Fields.ValueInfo.TYPE ->
                    message(field, type -> {
                        if (WireFormat.getTagFieldNumber(type) == Fields.Type.TENSOR_TYPE) {
                            tensorType(type, elementType, shape);
                        } else {
                            skip(type);
                        }
                    });
                default -> skip(field);
            }
        });
        if (elementType[0] < 1 || elementType[0] > Integer.MAX_VALUE) {
            throw bad("input or output '" + name[0] + "' is not a tensor");
        }
        return new OnnxValueInfo(name[0], (int) elementType[0], shape);
    }

    private void tensorType(int tag, long[] elementType, List<OnnxDimension> shape) throws IOException {
        message(tag, field -> {
            switch (WireFormat.getTagFieldNumber(field)) {
                case Fields.TensorType.ELEM_TYPE -> elementType[0] = integer(field);
                case Fields.TensorType.SHAPE ->
                    message(field, dim -> {
                        if (WireFormat.getTagFieldNumber(dim) == Fields.Shape.DIM) {
                            shape.add(dimension(dim));
                        } else {
                            skip(dim);
                        }
                    });
                default -> skip(field);
            }
        });
    }

    private OnnxDimension dimension(int tag) throws IOException {
        OnnxDimension[] dimension = {OnnxDimension.named("")};
        message(tag, field -> {
            switch (WireFormat.getTagFieldNumber(field)) {
                case Fields.Dimension.DIM_VALUE -> {
                    long size = integer(field);
                    // Some exporters write -1 for "not known".
                    dimension[0] = size < 0 ? OnnxDimension.named("") : OnnxDimension.of(size);
                }
                case Fields.Dimension.DIM_PARAM -> dimension[0] = OnnxDimension.named(text(field));
                default -> skip(field);
            }
        });
        return dimension[0];
    }

    private Initializer tensor(int tag) throws IOException {
        String outside = where;
        TensorFields tensor = new TensorFields();
        message(tag, field -> {
            int number = WireFormat.getTagFieldNumber(field);
            switch (number) {
                case Fields.Tensor.DIMS -> integers(field, tensor.dims, MAX_RANK);
                case Fields.Tensor.DATA_TYPE -> tensor.type = integer(field);
                case Fields.Tensor.NAME -> {
                    tensor.name = text(field);
                    where = "tensor '" + tensor.name + "'";
                }
                case Fields.Tensor.RAW_DATA,
                        Fields.Tensor.FLOAT_DATA,
                        Fields.Tensor.DOUBLE_DATA,
                        Fields.Tensor.INT32_DATA,
                        Fields.Tensor.INT64_DATA,
                        Fields.Tensor.UINT64_DATA -> payload(field, tensor);
                case Fields.Tensor.EXTERNAL_DATA -> {
                    tensor.external = true;
                    skip(field);
                }
                case Fields.Tensor.DATA_LOCATION ->
                    tensor.external |= integer(field) == Fields.Tensor.LOCATION_EXTERNAL;
                default -> skip(field);
            }
        });
        Initializer built = tensor.build();
        where = outside;
        return built;
    }

    private void payload(int tag, TensorFields tensor) throws IOException {
        int number = WireFormat.getTagFieldNumber(tag);
        if (tensor.payload != 0) {
            throw bad(
                    "its numbers are in fields " + tensor.payload + " and " + number + ", expected them in one piece");
        }
        tensor.payload = number;
        expect(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int size = in.readRawVarint32();
        int limit = in.pushLimit(size);
        tensor.data = payloads.at(in.getTotalBytesRead(), size);
        boolean varints = number == Fields.Tensor.INT32_DATA
                || number == Fields.Tensor.INT64_DATA
                || number == Fields.Tensor.UINT64_DATA;
        if (varints) {
            while (in.getBytesUntilLimit() > 0) {
                in.readRawVarint64();
                tensor.varints++;
            }
        } else {
            in.skipRawBytes(size);
        }
        in.popLimit(limit);
    }

    /** What is known of a tensor while it is read. */
    private final class TensorFields {
        private final List<Long> dims = new ArrayList<>();
        private String name = "";
        private long type;
        private boolean external;
        /** The field that held the numbers; 0 before one was seen. */
        private int payload;

        private long varints;
        private Initializer.@Nullable Data data;

        private Initializer build() {
            where = "tensor '" + name + "'";
            if (external) {
                throw bad("its numbers are in another file (external data), which is not read; save the model as one"
                        + " file, in Python: onnx.save_model(model, path, save_as_external_data=False)");
            }
            int elementType = type < 0 || type > Integer.MAX_VALUE ? 0 : (int) type;
            if (!ElementType.isKnown(elementType)) {
                throw bad("element type " + type + " is not supported");
            }
            int width = ElementType.bytes(elementType);
            long size = width;
            for (long dim : dims) {
                if (dim < 0) {
                    throw bad("shape " + dims + " has a negative dimension");
                }
                try {
                    size = Math.multiplyExact(size, dim);
                } catch (ArithmeticException e) {
                    throw bad("shape " + dims + " is too large");
                }
            }
            Initializer.Data numbers = data == null ? new BufferData(ByteBuffer.allocate(0)) : data;
            if (payload != 0 && payload != Fields.Tensor.RAW_DATA) {
                if (payload != fieldFor(elementType)) {
                    throw bad("numbers of type " + ElementType.name(elementType) + " are in field " + payload
                            + ", expected " + fieldFor(elementType) + " or " + Fields.Tensor.RAW_DATA);
                }
                if (payload != Fields.Tensor.FLOAT_DATA && payload != Fields.Tensor.DOUBLE_DATA) {
                    numbers = new VarintData(numbers, varints, width);
                }
            }
            if (numbers.size() != size) {
                throw bad(ElementType.name(elementType) + dims + " takes " + size + " bytes, found " + numbers.size());
            }
            return new Initializer(name, elementType, dims, numbers);
        }

        private int fieldFor(int elementType) {
            return switch (elementType) {
                case ElementType.FLOAT -> Fields.Tensor.FLOAT_DATA;
                case ElementType.DOUBLE -> Fields.Tensor.DOUBLE_DATA;
                case ElementType.INT64 -> Fields.Tensor.INT64_DATA;
                case ElementType.UINT32, ElementType.UINT64 -> Fields.Tensor.UINT64_DATA;
                default -> Fields.Tensor.INT32_DATA;
            };
        }
    }

    private void message(int tag, FieldReader reader) throws IOException {
        expect(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int limit = in.pushLimit(in.readRawVarint32());
        fields(reader);
        in.popLimit(limit);
    }

    private void fields(FieldReader reader) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            reader.read(tag);
        }
    }

    private void skip(int tag) throws IOException {
        int wireType = WireFormat.getTagWireType(tag);
        if (wireType == WireFormat.WIRETYPE_START_GROUP || wireType == WireFormat.WIRETYPE_END_GROUP) {
            throw bad("field " + WireFormat.getTagFieldNumber(tag) + " is a group, which ONNX does not have");
        }
        in.skipField(tag);
    }

    private void expect(int tag, int wireType) {
        if (WireFormat.getTagWireType(tag) != wireType) {
            throw bad("field " + WireFormat.getTagFieldNumber(tag) + " has wire type " + WireFormat.getTagWireType(tag)
                    + ", expected " + wireType);
        }
    }

    private long integer(int tag) throws IOException {
        expect(tag, WireFormat.WIRETYPE_VARINT);
        return in.readInt64();
    }

    private float real(int tag) throws IOException {
        expect(tag, WireFormat.WIRETYPE_FIXED32);
        return in.readFloat();
    }

    private String text(int tag) throws IOException {
        expect(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return in.readStringRequireUtf8();
    }

    /** Adds one number, or several packed ones. */
    private void integers(int tag, List<Long> numbers, int most) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
            numbers.add(in.readInt64());
        } else {
            expect(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            int limit = in.pushLimit(in.readRawVarint32());
            while (in.getBytesUntilLimit() > 0 && numbers.size() <= most) {
                numbers.add(in.readInt64());
            }
            in.popLimit(limit);
        }
        if (numbers.size() > most) {
            throw bad("more than " + most + " dimensions");
        }
    }

    private void reals(int tag, List<Float> numbers) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_FIXED32) {
            numbers.add(in.readFloat());
            return;
        }
        expect(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int limit = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            numbers.add(in.readFloat());
        }
        in.popLimit(limit);
    }

    private ModelFormatException bad(String problem) {
        return new ModelFormatException(source + ": " + where + ": " + problem);
    }
}
