package io.bertfinetune.ort.weights;

import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.ort.models.BertConfig;
import io.bertfinetune.ort.onnx.Attribute;
import io.bertfinetune.ort.onnx.ElementType;
import io.bertfinetune.ort.onnx.OnnxModel;
import io.bertfinetune.ort.onnx.OnnxNode;
import io.bertfinetune.ort.onnx.OnnxReader;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The parameters of a BERT that was exported to ONNX.
 *
 * <p>Exporters keep the names of embeddings, biases and LayerNorms, but fold the transposition of a dense layer's
 * weight into a nameless matrix ({@code onnx::MatMul_787}). Such a matrix is called after the bias that is added to its
 * product, and transposed back when it is copied: {@code MatMul(x, W) + output.dense.bias} makes W
 * {@code output.dense.weight}. {@code Gemm} names its own bias.
 *
 * <p>Exports that were quantized, or rewritten by ONNX Runtime's optimizer, have other parameters and are refused.
 */
final class OnnxWeights implements Weights {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";
    private static final String WORDS = "bert.embeddings.word_embeddings" + WEIGHT;
    private static final String POSITIONS = "bert.embeddings.position_embeddings" + WEIGHT;
    private static final String TOKEN_TYPES = "bert.embeddings.token_type_embeddings" + WEIGHT;
    private static final String QUERY_BIAS = "bert.encoder.layer.0.attention.self.query" + BIAS;
    private static final Set<String> QUANTIZED = Set.of(
            "DequantizeLinear",
            "DynamicQuantizeLinear",
            "DynamicQuantizeMatMul",
            "MatMulInteger",
            "MatMulIntegerToFloat",
            "MatMulNBits",
            "QAttention",
            "QGemm",
            "QLinearMatMul");
    private static final Set<String> FUSED =
            Set.of("Attention", "EmbedLayerNormalization", "MultiHeadAttention", "PackedAttention");

    private final OnnxModel model;
    private final String source;
    private final OnnxConstants constants;
    private final Map<String, List<OnnxNode>> readers = new LinkedHashMap<>();
    private final Map<String, OnnxConstants.Constant> weights = new LinkedHashMap<>();
    private volatile boolean closed;

    private OnnxWeights(OnnxModel model, String source) {
        this.model = model;
        this.source = source;
        this.constants = new OnnxConstants(model.graph(), source);
        for (OnnxNode node : model.graph().nodes()) {
            for (String input : node.inputs()) {
                readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
            }
        }
        model.graph().nodes().forEach(this::addWeightOf);
        constants.all().forEach((name, constant) -> {
            if (WeightNames.isParameter(name)) {
                add(name, constant);
            }
        });
        checkIsPlainBert();
    }

    /** Reads the graph of an export; the numbers stay in the file until they are copied. */
    static OnnxWeights open(String source, Path file) {
        return of(OnnxReader.read(file), source);
    }

    /** The parameters of an export that was read already. */
    static OnnxWeights of(OnnxModel model, String source) {
        return new OnnxWeights(model, source);
    }

    /** Adds the matrix of a dense layer. */
    private void addWeightOf(OnnxNode node) {
        boolean gemm = node.opType().equals("Gemm");
        if (!node.domain().isEmpty()
                || !(gemm || node.opType().equals("MatMul"))
                || node.inputs().size() < 2) {
            return;
        }
        String matrix = node.inputs().get(1);
        Optional<OnnxConstants.Constant> found =
                constants.of(matrix).filter(c -> c.tensor().dims().size() == 2);
        if (found.isEmpty()) {
            return;
        }
        // A graph multiplies by [in, out], a checkpoint keeps [out, in].
        OnnxConstants.Constant used = found.get();
        boolean transposed = used.transposed() ^ (gemm && isSet(node, "transB"));
        OnnxConstants.Constant kept = new OnnxConstants.Constant(used.tensor(), !transposed);
        String tensor = used.tensor().name();
        if (matrix.endsWith(WEIGHT)) {
            addMatrix(matrix, kept);
        } else if (tensor.endsWith(WEIGHT)) {
            addMatrix(tensor, kept);
        } else {
            biasOf(node, gemm).ifPresent(bias -> {
                refuseScaled(node);
                addMatrix(bias.substring(0, bias.length() - BIAS.length()) + WEIGHT, kept);
            });
        }
    }

    private Optional<String> biasOf(OnnxNode product, boolean gemm) {
        if (gemm) {
            return product.inputs().stream().skip(2).flatMap(this::biasName).findFirst();
        }
        return product.outputs().stream()
                .flatMap(output -> readers.getOrDefault(output, List.of()).stream())
                .filter(node -> node.opType().equals("Add"))
                .flatMap(node -> node.inputs().stream())
                .flatMap(this::biasName)
                .findFirst();
    }

    /** The name of a bias, by which it is known here or in the file. */
    private Stream<String> biasName(String value) {
        return constants.of(value).stream()
                .flatMap(constant -> Stream.of(value, constant.tensor().name()))
                .filter(name -> name.endsWith(BIAS))
                .limit(1);
    }

    private void refuseScaled(OnnxNode node) {
        for (String scale : List.of("alpha", "beta")) {
            if (node.attributes().get(scale) instanceof Attribute.Float factor && factor.value() != 1) {
                throw new ModelFormatException("checkpoint " + source + ": node " + node.name() + " (Gemm) has " + scale
                        + " " + factor.value() + ", expected 1");
            }
        }
    }

    private static boolean isSet(OnnxNode node, String attribute) {
        return node.attributes().get(attribute) instanceof Attribute.Int flag && flag.value() != 0;
    }

    /** Adds the matrix of a product; there must be one only of that name. */
    private void addMatrix(String name, OnnxConstants.Constant constant) {
        WeightNames.normalise(name).ifPresent(normal -> {
            OnnxConstants.Constant other = weights.putIfAbsent(normal, constant);
            if (other != null && !other.equals(constant)) {
                throw new ModelFormatException("checkpoint " + source + ": both "
                        + other.tensor().name() + " and " + constant.tensor().name() + " would be " + normal
                        + "; the export shares biases that are equal, so its matrices cannot be told apart");
            }
        });
    }

    /** Adds a parameter that has its name, unless it is a matrix that was added already. */
    private void add(String name, OnnxConstants.Constant constant) {
        WeightNames.normalise(name).ifPresent(normal -> weights.putIfAbsent(normal, constant));
    }

    private void checkIsPlainBert() {
        List<String> needed = new ArrayList<>(List.of(WORDS, POSITIONS, TOKEN_TYPES));
        for (int layer = 0; layer == 0 || layer < layers(); layer++) {
            for (String part : List.of(
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "intermediate.dense",
                    "output.dense")) {
                needed.add("bert.encoder.layer." + layer + "." + part + WEIGHT);
            }
        }
        List<String> missing =
                needed.stream().filter(name -> !weights.containsKey(name)).toList();
        if (missing.isEmpty()) {
            return;
        }
        Set<String> operators = new TreeSet<>();
        model.graph().nodes().forEach(node -> operators.add(node.opType()));
        Set<String> quantized = new TreeSet<>(operators);
        quantized.retainAll(QUANTIZED);
        Set<String> fused = new TreeSet<>(operators);
        fused.retainAll(FUSED);
        String reason = "is it the export of a BERT?";
        if (!quantized.isEmpty()) {
            reason = "the export is quantized " + quantized + "; take the one in float32";
        } else if (!fused.isEmpty()) {
            reason = "the export was rewritten by ONNX Runtime's optimizer " + fused + "; take the plain one";
        } else if (missing.equals(List.of(POSITIONS))) {
            reason = "the export is for inputs of one length; export it with a dynamic sequence dimension";
        }
        throw new ModelFormatException("checkpoint " + source + ": " + missing.size()
                + " of its parameters are not found in the graph, the first is " + missing.get(0) + "; " + reason);
    }

    /** How many layers the names tell of. */
    private int layers() {
        int layers = 0;
        while (weights.containsKey("bert.encoder.layer." + layers + ".attention.self.query" + BIAS)) {
            layers++;
        }
        return layers;
    }

    /**
     * The configuration, as far as the graph shows it: sizes from the shapes of parameters, the number of heads from
     * the shape queries are brought into or else from what scores are divided by, the LayerNorm epsilon from the first
     * LayerNorm, 1e-12 if it is not found. The dropout an export was trained with cannot be known; it is 0.1, as in
     * Hugging Face.
     *
     * @throws ModelFormatException if the number of heads cannot be told, or the activation is not the exact GELU
     */
    BertConfig inferConfig() {
        List<Long> words = matrix(WORDS);
        boolean gelu = model.graph().nodes().stream().anyMatch(OnnxWeights::isExactGelu);
        if (!gelu) {
            throw new ModelFormatException("checkpoint " + source
                    + ": no Erf or Gelu in the graph; only models with the exact GELU are supported");
        }
        try {
            int hidden = Math.toIntExact(words.get(1));
            return BertConfig.builder()
                    .vocabSize(Math.toIntExact(words.get(0)))
                    .hiddenSize(hidden)
                    .maxPositionEmbeddings(Math.toIntExact(matrix(POSITIONS).get(0)))
                    .typeVocabSize(Math.toIntExact(matrix(TOKEN_TYPES).get(0)))
                    .numHiddenLayers(layers())
                    .intermediateSize(Math.toIntExact(matrix("bert.encoder.layer.0.intermediate.dense.weight")
                            .get(0)))
                    .numAttentionHeads(heads(hidden))
                    .layerNormEps(layerNormEps())
                    .build();
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new ModelFormatException(
                    "checkpoint " + source + ": the sizes in the graph do not make a BERT: " + e.getMessage(), e);
        }
    }

    private List<Long> matrix(String name) {
        List<Long> shape = shape(name);
        if (shape.size() != 2) {
            throw new ModelFormatException(
                    "checkpoint " + source + ": parameter " + name + " is " + shape + ", expected two dimensions");
        }
        return shape;
    }

    private static boolean isExactGelu(OnnxNode node) {
        if (node.opType().equals("Gelu")) {
            return !new Attribute.Text("tanh").equals(node.attributes().get("approximate"));
        }
        return node.opType().equals("Erf") || node.opType().equals("BiasGelu");
    }

    private int heads(int hidden) {
        return headsOfReshape(hidden)
                .or(() -> headsOfScale(hidden))
                .orElseThrow(() -> new ModelFormatException("checkpoint " + source
                        + ": the graph does not show how many heads attention has; put the model's config.json beside"
                        + " it"));
    }

    /** Queries are brought into the shape [batch, sequence, heads, head size]. */
    private Optional<Integer> headsOfReshape(int hidden) {
        return model.graph().nodes().stream()
                .filter(node -> node.inputs().stream().anyMatch(this::isQueryBias))
                .flatMap(node -> node.outputs().stream())
                .flatMap(query -> readers.getOrDefault(query, List.of()).stream())
                .filter(node -> node.opType().equals("Reshape") && node.inputs().size() == 2)
                .flatMap(node -> headsOfShape(hidden, lastTwo(node.inputs().get(1))).stream())
                .findFirst();
    }

    private boolean isQueryBias(String value) {
        return biasName(value)
                .flatMap(name -> WeightNames.normalise(name).stream())
                .anyMatch(QUERY_BIAS::equals);
    }

    /** The last two of at least three dimensions; empty if they are not constant. */
    private List<Long> lastTwo(String shape) {
        List<Long> whole = constants.longs(shape);
        if (whole.isEmpty()) {
            List<Long> tail = new ArrayList<>();
            Optional<OnnxNode> concat =
                    constants.maker(shape).filter(node -> node.opType().equals("Concat"));
            if (concat.isPresent() && concat.get().inputs().size() >= 3) {
                List<String> parts = concat.get().inputs();
                parts.subList(parts.size() - 2, parts.size()).forEach(part -> tail.addAll(constants.longs(part)));
            }
            return tail.size() == 2 ? tail : List.of();
        }
        return whole.size() >= 3 ? whole.subList(whole.size() - 2, whole.size()) : List.of();
    }

    private static Optional<Integer> headsOfShape(int hidden, List<Long> headsAndSize) {
        if (headsAndSize.isEmpty()) {
            return Optional.empty();
        }
        long heads = headsAndSize.get(0);
        long size = headsAndSize.get(1);
        if (heads == -1 && size > 0) {
            heads = hidden / size;
        } else if (size == -1 && heads > 0) {
            size = hidden / heads;
        }
        boolean fits = heads > 0 && heads <= hidden && size > 0 && size <= hidden && heads * size == hidden;
        return fits ? Optional.of((int) heads) : Optional.empty();
    }

    /** Before softmax, scores are divided by the square root of the head size. */
    private Optional<Integer> headsOfScale(int hidden) {
        for (OnnxNode softmax : model.graph().nodes()) {
            if (softmax.opType().equals("Softmax")) {
                Optional<OnnxNode> node = firstInput(softmax).flatMap(constants::maker);
                for (int step = 0; step < 4 && node.isPresent(); step++) {
                    Optional<Integer> heads = headsOfScale(hidden, node.get());
                    if (heads.isPresent()) {
                        return heads;
                    }
                    node = firstInput(node.get()).flatMap(constants::maker);
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Integer> headsOfScale(int hidden, OnnxNode node) {
        boolean divides = node.opType().equals("Div");
        if (node.inputs().size() != 2 || !(divides || node.opType().equals("Mul"))) {
            return Optional.empty();
        }
        Optional<Double> scale = constants
                .number(node.inputs().get(1))
                .or(() -> divides
                        ? Optional.empty()
                        : constants.number(node.inputs().get(0)));
        return scale.map(s -> divides ? s : 1 / s).flatMap(root -> {
            long size = Math.round(root * root);
            boolean fits = size > 1 && size <= hidden && Math.abs(root * root - size) < 0.01 && hidden % size == 0;
            return fits ? Optional.of((int) (hidden / size)) : Optional.empty();
        });
    }

    private static Optional<String> firstInput(OnnxNode node) {
        return node.inputs().stream().findFirst();
    }

    private double layerNormEps() {
        for (OnnxNode node : model.graph().nodes()) {
            if (node.opType().equals("LayerNormalization") || node.opType().equals("SkipLayerNormalization")) {
                return node.attributes().get("epsilon") instanceof Attribute.Float epsilon
                        ? OnnxConstants.decimal(epsilon.value())
                        : 1e-5; // ONNX's default
            }
            if (node.opType().equals("Sqrt")) { // of variance + epsilon
                Optional<OnnxNode> sum = firstInput(node)
                        .flatMap(constants::maker)
                        .filter(maker -> maker.opType().equals("Add"));
                for (String term : sum.map(OnnxNode::inputs).orElse(List.of())) {
                    Optional<Double> epsilon = constants.number(term).filter(e -> e > 0 && e < 0.01);
                    if (epsilon.isPresent()) {
                        return epsilon.get();
                    }
                }
            }
        }
        return 1e-12;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(weights.keySet());
    }

    @Override
    public List<Long> shape(String name) {
        OnnxConstants.Constant constant = weight(name);
        List<Long> dims = constant.tensor().dims();
        return constant.transposed() ? List.of(dims.get(1), dims.get(0)) : dims;
    }

    @Override
    public void copy(String name, FloatBuffer target) {
        if (closed) {
            throw new IllegalStateException("checkpoint " + source + " is closed");
        }
        OnnxConstants.Constant constant = weight(name);
        FloatType type = switch (constant.tensor().elementType()) {
            case ElementType.FLOAT -> FloatType.F32;
            case ElementType.FLOAT16 -> FloatType.F16;
            case ElementType.BFLOAT16 -> FloatType.BF16;
            case ElementType.DOUBLE -> FloatType.F64;
            default ->
                throw new ModelFormatException("checkpoint " + source + ": parameter " + name + " is "
                        + ElementType.name(constant.tensor().elementType())
                        + ", expected floating point numbers");
        };
        if (constant.tensor().count() != target.remaining()) {
            throw new IllegalArgumentException("checkpoint " + source + ": parameter " + name + " " + shape(name)
                    + " holds " + constant.tensor().count() + " numbers, the buffer has room for "
                    + target.remaining());
        }
        List<Long> dims = constant.tensor().dims();
        FloatSink sink = constant.transposed()
                ? FloatSink.transposing(type, target, Math.toIntExact(dims.get(0)), Math.toIntExact(dims.get(1)))
                : FloatSink.inOrder(type, target);
        try {
            constant.tensor().data().writeTo(sink);
        } catch (IOException e) {
            throw new ModelFormatException(
                    "checkpoint " + source + ": parameter " + name + " cannot be read: " + e.getMessage(), e);
        }
        sink.flush();
    }

    /** No file is held; this only ends the use. */
    @Override
    public void close() {
        closed = true;
    }

    private OnnxConstants.Constant weight(String name) {
        OnnxConstants.Constant weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("checkpoint " + source + ": no parameter " + name);
        }
        return weight;
    }
}
