package io.bertfinetune.ort.capi;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.ort.onnx.Attribute;
import io.bertfinetune.ort.onnx.ElementType;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which nodes a build of ONNX Runtime computes on a GPU: a table made by running every one of them. ONNX Runtime itself
 * answers a node it has no kernel for without the node's name, or computes it on the processor without a word.
 */
public final class CudaKernels {
    private static final String TABLE = "cuda-kernels.tsv";
    private static final String MICROSOFT = "com.microsoft";
    private static final String RAN = "ran";

    private static final Map<String, String> REASONS = Map.of(
            "refused", "its kernel refuses the type",
            "wrong", "its kernel takes the type for another one",
            "cpu", "it would run on the processor",
            "none", "it has no kernel",
            "schema", "the operator does not allow the type",
            "absent", "this build does not know the operator",
            "untested", "it was never run");

    private final CudaNatives natives;
    private final Map<Row, String> verdicts;

    /**
     * A kind of node.
     *
     * @param node the operator, with the variant the table knows
     * @param opset the version of ONNX's operators, or {@code ms1} for those of ONNX Runtime
     * @param type the kind of number it computes with
     */
    record Row(String node, String opset, String type) {
        @Override
        public String toString() {
            return "operator " + node + " on " + type + ", opset " + opset;
        }
    }

    private CudaKernels(CudaNatives natives, Map<Row, String> verdicts) {
        this.natives = natives;
        this.verdicts = verdicts;
    }

    /**
     * The table of a build.
     *
     * @param natives the build
     * @return its kernels
     */
    public static CudaKernels of(CudaNatives natives) {
        Map<Row, String> verdicts = new HashMap<>();
        cells().forEach(cells -> verdicts.put(row(cells), cells[natives == CudaNatives.BYTEDECO ? 3 : 4]));
        return new CudaKernels(natives, Map.copyOf(verdicts));
    }

    /** The kinds of nodes that were seen in programs of this library, and not each by itself. */
    static List<Row> seenInPrograms() {
        return cells().filter(cells -> cells[5].equals("program"))
                .map(CudaKernels::row)
                .toList();
    }

    private static Row row(String[] cells) {
        return new Row(cells[0], cells[1], cells[2]);
    }

    /** The lines of the table without its head. */
    private static Stream<String[]> cells() {
        return lines().filter(line -> !line.startsWith("#")).skip(1).map(line -> line.split("\t", -1));
    }

    private static Stream<String> lines() {
        try (InputStream in = Objects.requireNonNull(CudaKernels.class.getResourceAsStream(TABLE), TABLE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What became of every kind of node that was tried. */
    Map<Row, String> verdicts() {
        return verdicts;
    }

    /**
     * Checks that every node of a model is computed on the GPU; lengths of axes apart, which belong to the processor.
     *
     * @param model the model, before a session is made of it
     * @throws EngineException naming the first node that is not: operator, type, name and reason
     */
    public void check(OnnxModel model) {
        rows(model)
                .forEach((node, row) -> problem(node, row).ifPresent(problem -> {
                    throw new EngineException("program " + model.graph().name() + ": " + problem);
                }));
    }

    /** The kind of each node of a model; of those on lengths of axes none. */
    static Map<OnnxNode, Row> rows(OnnxModel model) {
        OnnxTypes types = new OnnxTypes(model);
        Map<OnnxNode, Row> rows = new LinkedHashMap<>();
        for (OnnxNode node : model.graph().nodes()) {
            if (!types.isOnLengths(node)) {
                rows.put(node, row(node, opset(node, model.opsets()), types));
            }
        }
        return rows;
    }

    private static String opset(OnnxNode node, Map<String, Integer> opsets) {
        Integer version = opsets.get(node.domain());
        return (node.domain().equals(MICROSOFT) ? "ms" : node.domain()) + version;
    }

    private Optional<String> problem(OnnxNode node, Row row) {
        String verdict = verdicts.get(row);
        if (RAN.equals(verdict)) {
            return Optional.empty();
        }
        String reason = verdict == null ? "it was never tried" : REASONS.getOrDefault(verdict, verdict);
        return Optional.of("node " + node.name() + ", " + row + ", is not computed by CUDA with " + natives.artifact()
                + ": " + reason);
    }

    private static Row row(OnnxNode node, String opset, OnnxTypes types) {
        List<String> in = node.inputs();
        String operator = node.opType();
        return switch (operator) {
            case "Cast" ->
                cast(opset, types.of(in.get(0)), types.of(node.outputs().get(0)));
            case "ScatterND", "ScatterElements" ->
                new Row(operator + "_" + text(node, "reduction"), opset, word(types.of(in.get(0))));
            case "FusedMatMul" -> new Row("FusedMatMul_transBatch", opset, word(types.of(in.get(0))));
            case "OneHot", "GatherGrad" -> new Row(operator, opset, word(types.of(in.get(2))));
            case "Where" -> new Row(operator, opset, word(types.of(in.get(1))));
            case "ConstantOfShape" ->
                new Row(operator, opset, word(types.of(node.outputs().get(0))));
            default -> new Row(operator, opset, word(types.of(in.get(0))));
        };
    }

    private static Row cast(String opset, int from, int to) {
        return switch (from) {
            case ElementType.BOOL -> new Row("Cast_bool", opset, word(to));
            case ElementType.UINT8 ->
                to == ElementType.INT64 ? new Row("Cast_to_i64", opset, "u8") : new Row("Cast_u8", opset, word(to));
            case ElementType.INT64 -> new Row("Cast_i64", opset, word(to));
            default -> {
                if (to == ElementType.INT64) {
                    yield new Row("Cast_to_i64", opset, word(from));
                }
                yield to == ElementType.FLOAT
                        ? new Row("Cast_to_f32", opset, word(from))
                        : new Row("Cast_from_f32", opset, word(to));
            }
        };
    }

    private static String text(OnnxNode node, String attribute) {
        return node.attributes().get(attribute) instanceof Attribute.Text text ? text.value() : "none";
    }

    private static String word(int type) {
        return switch (type) {
            case ElementType.FLOAT -> "f32";
            case ElementType.FLOAT16 -> "f16";
            case ElementType.BFLOAT16 -> "bf16";
            case ElementType.INT64 -> "i64";
            case ElementType.UINT8 -> "u8";
            case ElementType.BOOL -> "bool";
            default -> ElementType.name(type);
        };
    }
}
