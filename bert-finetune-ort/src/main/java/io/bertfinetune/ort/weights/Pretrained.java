package io.bertfinetune.ort.weights;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.ort.models.BertConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained model on disk, opened: its configuration, its parameters, and the files of its tokenizer. It comes as
 *
 * <ul>
 *   <li>a folder of Hugging Face: {@code config.json}, {@code model.safetensors} (or several and their
 *       {@code model.safetensors.index.json}; or else {@code model.onnx}), {@code tokenizer.json} or {@code vocab.txt};
 *   <li>an {@code .onnx} file, with a {@code tokenizer.json} beside it and, if there is one, its {@code config.json};
 *   <li>a {@code .jar} or {@code .zip} that holds one {@code .onnx} file and one JSON file of a tokenizer.
 * </ul>
 *
 * <p>Pickles ({@code pytorch_model.bin}) are never read. Nothing is downloaded.
 */
public final class Pretrained implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String SAFETENSORS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String ONNX = "model.onnx";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String VOCABULARY = "vocab.txt";
    /** The files of a tokenizer that a folder may have. */
    public static final List<String> TOKENIZER_FILES =
            List.of(TOKENIZER, VOCABULARY, "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json");

    private static final List<String> PICKLES =
            List.of("pytorch_model.bin", "pytorch_model.bin.index.json", "pytorch_model.pt", "model.pt");
    /** Larger than any tokenizer, small enough for the heap. */
    private static final long MAX_TEXT_BYTES = 64L << 20;

    private final String name;
    private final BertConfig config;
    private final Weights weights;
    private final Map<String, byte[]> tokenizerFiles;
    private final String placeOfTokenizer;
    /** Where the model of an archive was unpacked to; removed on closing. */
    private final @Nullable Path unpacked;

    private Pretrained(
            String name,
            BertConfig config,
            Weights weights,
            Map<String, byte[]> tokenizerFiles,
            String placeOfTokenizer,
            @Nullable Path unpacked) {
        this.name = name;
        this.config = config;
        this.weights = weights;
        this.tokenizerFiles = tokenizerFiles;
        this.placeOfTokenizer = placeOfTokenizer;
        this.unpacked = unpacked;
        checkFits();
    }

    /**
     * Opens a model. The configuration is read and compared with the parameters; no number of a parameter is read yet.
     *
     * @param path a folder, an {@code .onnx} file, or a {@code .jar} or {@code .zip} that holds one
     * @return the model; close it when its parameters have been copied
     * @throws ModelFormatException if a file is missing, damaged, or does not fit the others
     */
    public static Pretrained open(Path path) {
        String name = nameOf(path);
        try {
            if (Files.isDirectory(path)) {
                return ofFolder(name, path);
            }
            if (!Files.exists(path)) {
                throw new ModelFormatException(
                        "model " + path + ": no such file or folder; looked for " + path.toAbsolutePath());
            }
            String file = path.toString().toLowerCase(Locale.ROOT);
            if (file.endsWith(".onnx")) {
                return ofOnnx(name, path);
            }
            if (file.endsWith(".jar") || file.endsWith(".zip")) {
                return ofArchive(name, path);
            }
            throw new ModelFormatException("model " + path + ": expected a folder with " + CONFIG + " and "
                    + SAFETENSORS + ", an .onnx file, or a .jar or .zip that holds one");
        } catch (IOException e) {
            throw new ModelFormatException("model " + path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The sizes and settings. Those of an ONNX model without a {@code config.json} are taken from its graph: sizes from
     * the shapes of the parameters, the number of heads from how queries are reshaped or scores scaled, the LayerNorm
     * epsilon from its LayerNorms (1e-12 if not found); dropout is 0.1.
     *
     * @return the configuration
     */
    public BertConfig config() {
        return config;
    }

    /**
     * The parameters.
     *
     * @return the parameters; closed with this
     */
    public Weights weights() {
        return weights;
    }

    /**
     * Whether the model brings a tokenizer.
     *
     * @return true if there is a {@code tokenizer.json} or a {@code vocab.txt}
     */
    public boolean hasTokenizer() {
        return tokenizerFiles.containsKey(TOKENIZER) || tokenizerFiles.containsKey(VOCABULARY);
    }

    /**
     * The files of the tokenizer, those that are there of {@code tokenizer.json}, {@code vocab.txt},
     * {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code added_tokens.json}.
     *
     * @return their bytes, by these names
     * @throws ModelFormatException if there is neither {@code tokenizer.json} nor {@code vocab.txt}
     */
    public Map<String, byte[]> tokenizerFiles() {
        if (!hasTokenizer()) {
            throw new ModelFormatException("model " + name + ": no tokenizer; looked for " + placeOfTokenizer);
        }
        return tokenizerFiles;
    }

    /**
     * What messages call the model.
     *
     * @return the last part of its path
     */
    public String name() {
        return name;
    }

    /** Lets go of all files. Closing twice does nothing. */
    @Override
    public void close() {
        weights.close();
        deleteQuietly(unpacked);
    }

    private static Pretrained ofFolder(String name, Path folder) throws IOException {
        Path config = folder.resolve(CONFIG);
        Path safetensors = folder.resolve(SAFETENSORS);
        Path index = folder.resolve(INDEX);
        Path onnx = folder.resolve(ONNX);
        Optional<BertConfig> said = configIn(folder);
        Weights weights;
        if (Files.exists(safetensors)) {
            requireConfig(said, config);
            weights = SafeTensorsWeights.open(name, List.of(safetensors));
        } else if (Files.exists(index)) {
            requireConfig(said, config);
            weights = SafeTensorsWeights.open(name, filesOf(index));
        } else if (Files.exists(onnx)) {
            weights = openOnnx(name, onnx);
        } else {
            throw noWeights(folder);
        }
        return closingOnError(
                weights,
                null,
                () -> new Pretrained(
                        name,
                        configOf(said, weights),
                        weights,
                        tokenizerFilesIn(folder),
                        TOKENIZER + " and " + VOCABULARY + " in " + folder,
                        null));
    }

    private static void requireConfig(Optional<BertConfig> said, Path config) {
        if (said.isEmpty()) {
            throw new ModelFormatException(config + ": no such file; it says how large the model is");
        }
    }

    private static ModelFormatException noWeights(Path folder) throws IOException {
        for (String pickle : PICKLES) {
            if (Files.exists(folder.resolve(pickle))) {
                return new ModelFormatException("model " + folder + ": there is " + pickle + " and no " + SAFETENSORS
                        + "; it is a pickle, and " + Lookalike.CONVERT);
            }
        }
        return new ModelFormatException("model " + folder + ": no parameters; looked for " + SAFETENSORS + ", " + INDEX
                + " and " + ONNX + ", found " + listing(folder));
    }

    private static Pretrained ofOnnx(String name, Path file) throws IOException {
        Weights weights = openOnnx(name, file);
        Path parent = file.toAbsolutePath().getParent();
        Path folder = parent == null ? file.toAbsolutePath() : parent;
        return closingOnError(
                weights,
                null,
                () -> new Pretrained(
                        name,
                        configOf(configIn(folder), weights),
                        weights,
                        tokenizerFilesBeside(folder),
                        TOKENIZER + ", one *tokenizer*.json and " + VOCABULARY + " in " + folder,
                        null));
    }

    private static Weights openOnnx(String name, Path file) {
        Lookalike.of(file).ifPresent(what -> {
            throw new ModelFormatException(file + ": not an ONNX model; it looks like " + what);
        });
        return OnnxWeights.open(name, file);
    }

    private static Pretrained ofArchive(String name, Path file) throws IOException {
        try (ZipFile archive = new ZipFile(file.toFile())) {
            ZipEntry model = only(archive, file, entry -> entry.endsWith(".onnx"), "an .onnx file");
            ZipEntry tokenizer =
                    only(archive, file, Pretrained::isTokenizer, "a tokenizer.json, or another *tokenizer*.json");
            if (model.getSize() > Integer.MAX_VALUE) {
                throw new ModelFormatException(file + "!" + model.getName() + ": " + model.getSize()
                        + " bytes, but an ONNX file holds at most 2 GB");
            }
            byte[] json;
            try (InputStream in = archive.getInputStream(tokenizer)) {
                json = readText(in, file + "!" + tokenizer.getName());
            }
            Path unpacked = Files.createTempFile("bert-finetune-" + name + "-", ".onnx");
            return closingOnError(null, unpacked, () -> {
                try (InputStream in = archive.getInputStream(model)) {
                    Files.copy(in, unpacked, StandardCopyOption.REPLACE_EXISTING);
                }
                Weights weights = openOnnx(name, unpacked);
                return new Pretrained(
                        name,
                        configOf(Optional.empty(), weights),
                        weights,
                        Map.of(TOKENIZER, json),
                        TOKENIZER + " in " + file,
                        unpacked);
            });
        } catch (ZipException e) {
            throw new ModelFormatException(
                    file + ": not a zip archive, or damaged: " + e.getMessage()
                            + Lookalike.of(file)
                                    .map(what -> "; it looks like " + what)
                                    .orElse(""),
                    e);
        }
    }

    private static ZipEntry only(ZipFile archive, Path file, Predicate<String> wanted, String what) {
        List<? extends ZipEntry> found = archive.stream()
                .filter(entry -> !entry.isDirectory())
                .filter(entry -> wanted.test(lastPart(entry.getName())))
                .toList();
        if (found.size() != 1) {
            throw new ModelFormatException(file + ": expected " + what + " inside, found "
                    + (found.isEmpty()
                            ? "none"
                            : found.stream().map(ZipEntry::getName).toList()));
        }
        return found.get(0);
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    private static boolean isTokenizer(String lowerCaseName) {
        return lowerCaseName.endsWith(".json")
                && lowerCaseName.contains("tokenizer")
                && !lowerCaseName.endsWith("tokenizer_config.json");
    }

    /** The files of a sharded checkpoint. */
    private static List<Path> filesOf(Path index) throws IOException {
        String text = readText(index);
        TreeSet<String> names = new TreeSet<>();
        try {
            JsonReader reader = new JsonReader(new StringReader(text));
            reader.setStrictness(Strictness.STRICT);
            JsonElement map = JsonParser.parseReader(reader).getAsJsonObject().get("weight_map");
            if (!(map instanceof JsonObject files) || files.isEmpty()) {
                throw new ModelFormatException(index + ": weight_map is missing or empty");
            }
            files.entrySet().forEach(entry -> names.add(entry.getValue().getAsString()));
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new ModelFormatException(index + ": not the index of a sharded checkpoint", e);
        }
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            if (!name.matches("[A-Za-z0-9_.-]+\\.safetensors")) {
                throw new ModelFormatException(
                        index + ": weight_map names '" + name + "', expected .safetensors files in the same folder");
            }
            files.add(index.resolveSibling(name));
        }
        return files;
    }

    private static Optional<BertConfig> configIn(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = readText(file);
        if (!text.strip().startsWith("{")) {
            Lookalike.of(file).ifPresent(what -> {
                throw new ModelFormatException(file + ": not a configuration; it looks like " + what);
            });
        }
        return Optional.of(BertConfig.fromJson(text, file.toString()));
    }

    private static BertConfig configOf(Optional<BertConfig> said, Weights weights) {
        if (said.isPresent()) {
            return said.get();
        }
        if (weights instanceof OnnxWeights onnx) {
            return onnx.inferConfig();
        }
        throw new IllegalStateException("no configuration");
    }

    private static Map<String, byte[]> tokenizerFilesIn(Path folder) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : TOKENIZER_FILES) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                files.put(name, readBytes(file));
            }
        }
        return Collections.unmodifiableMap(files);
    }

    /** The same, and a tokenizer that is called otherwise if it is the only one. */
    private static Map<String, byte[]> tokenizerFilesBeside(Path folder) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>(tokenizerFilesIn(folder));
        if (!files.containsKey(TOKENIZER)) {
            List<Path> others = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    if (isTokenizer(entry.getFileName().toString().toLowerCase(Locale.ROOT))) {
                        others.add(entry);
                    }
                }
            }
            if (others.size() == 1) {
                files.put(TOKENIZER, readBytes(others.get(0)));
            }
        }
        return Collections.unmodifiableMap(files);
    }

    /** Compares the configuration with the parameters, before anybody reserves memory for what it claims. */
    private void checkFits() {
        checkMatrix("word_embeddings", "vocab_size", config.vocabSize());
        checkMatrix("position_embeddings", "max_position_embeddings", config.maxPositionEmbeddings());
        checkMatrix("token_type_embeddings", "type_vocab_size", config.typeVocabSize());
        int layers = 0;
        while (hasLayer(layers)) {
            layers++;
        }
        if (layers > 0 && layers < config.numHiddenLayers()) {
            throw new ModelFormatException("model " + name + ": the configuration says num_hidden_layers "
                    + config.numHiddenLayers() + ", the checkpoint has " + layers);
        }
    }

    private boolean hasLayer(int layer) {
        return weights.names().contains("bert.encoder.layer." + layer + ".output.dense.weight");
    }

    private void checkMatrix(String what, String rows, int count) {
        String parameter = "bert.embeddings." + what + ".weight";
        List<Long> expected = List.of((long) count, (long) config.hiddenSize());
        if (weights.names().contains(parameter) && !weights.shape(parameter).equals(expected)) {
            throw new ModelFormatException("model " + name + ": parameter " + parameter + " is "
                    + weights.shape(parameter) + ", the configuration says " + expected + " (" + rows
                    + ", hidden_size)");
        }
    }

    private interface Opening {
        Pretrained open() throws IOException;
    }

    private static Pretrained closingOnError(@Nullable Weights weights, @Nullable Path unpacked, Opening opening)
            throws IOException {
        boolean opened = false;
        try {
            Pretrained model = opening.open();
            opened = true;
            return model;
        } finally {
            if (!opened) {
                if (weights != null) {
                    weights.close();
                }
                deleteQuietly(unpacked);
            }
        }
    }

    private static void deleteQuietly(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // A temporary file; the system removes it some time.
            }
        }
    }

    private static String readText(Path file) throws IOException {
        byte[] bytes = readBytes(file);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ModelFormatException(
                    file + ": not UTF-8"
                            + Lookalike.of(bytes)
                                    .map(what -> "; it looks like " + what)
                                    .orElse(""),
                    e);
        }
    }

    private static byte[] readBytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return readText(in, file.toString());
        }
    }

    private static byte[] readText(InputStream in, String source) throws IOException {
        byte[] bytes = in.readNBytes((int) MAX_TEXT_BYTES + 1);
        if (bytes.length > MAX_TEXT_BYTES) {
            throw new ModelFormatException(
                    source + ": longer than " + MAX_TEXT_BYTES + " bytes, which no such file is");
        }
        return bytes;
    }

    private static List<String> listing(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        }
        Collections.sort(names);
        return names.size() <= 20 ? names : names.subList(0, 20);
    }

    private static String nameOf(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? path.toString() : last.toString();
    }
}
