package io.bertfinetune.ort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.bertfinetune.error.ModelFormatException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedTest {
    private static final String WORDS = "bert.embeddings.word_embeddings.weight";

    @TempDir
    private Path folder;

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(PretrainedTest.class.getResource(name), name)
                .toURI());
    }

    private Path copy(String resource, String name) throws IOException, URISyntaxException {
        return Files.copy(resource(resource), folder.resolve(name));
    }

    private Path text(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void tinyBert(String... files) throws IOException, URISyntaxException {
        for (String file : files) {
            copy("/tiny_bert/" + file, file);
        }
    }

    private static float[] floats(Weights weights, String name) {
        FloatBuffer target = FloatBuffer.allocate(
                weights.shape(name).stream().reduce(1L, Math::multiplyExact).intValue());
        weights.copy(name, target);
        return target.array();
    }

    private void assertRefused(Path path, String... words) {
        assertThatThrownBy(() -> Pretrained.open(path).close())
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void opensAFolderOfHuggingFace() throws URISyntaxException {
        try (Pretrained model = Pretrained.open(resource("/tiny_bert"))) {
            assertThat(model.name()).isEqualTo("tiny_bert");
            assertThat(model.config().hiddenSize()).isEqualTo(32);
            assertThat(model.weights().names()).hasSize(89).contains("classifier.weight", WORDS);
            assertThat(model.weights().shape(WORDS)).containsExactly(1124L, 32L);
            assertThat(floats(model.weights(), "classifier.bias")).hasSize(2);
            assertThat(model.hasTokenizer()).isTrue();
            assertThat(model.tokenizerFiles())
                    .containsOnlyKeys(
                            "tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json");
            assertThat(new String(model.tokenizerFiles().get("vocab.txt"), StandardCharsets.UTF_8))
                    .startsWith("[PAD]\n");
        }
    }

    @Test
    void aFolderWithoutATokenizerOpensAndSaysSoWhenAsked() throws IOException, URISyntaxException {
        tinyBert("config.json", "model.safetensors");

        try (Pretrained model = Pretrained.open(folder)) {
            assertThat(model.hasTokenizer()).isFalse();
            assertThatThrownBy(model::tokenizerFiles)
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("no tokenizer; looked for tokenizer.json and vocab.txt in " + folder);
        }
    }

    @Test
    void whatIsMissingIsNamed() throws IOException, URISyntaxException {
        assertRefused(folder.resolve("absent"), "absent: no such file or folder");
        assertRefused(folder, "no parameters; looked for model.safetensors", "model.onnx", "found []");
        tinyBert("model.safetensors");
        assertRefused(folder, "config.json: no such file");
        assertRefused(folder.resolve("model.safetensors"), "expected a folder with config.json");
    }

    @Test
    void picklesAreNamedAndNotRead() throws IOException, URISyntaxException {
        tinyBert("config.json");
        text("pytorch_model.bin", "anything");

        assertRefused(folder, "there is pytorch_model.bin and no model.safetensors", "pickle", "save_pretrained");
    }

    @Test
    void pointersAndPagesInPlaceOfFilesAreNamed() throws IOException, URISyntaxException {
        tinyBert("model.safetensors");
        text("config.json", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        assertRefused(folder, "config.json: not a configuration", "git lfs pull");

        text("config.json", "<!DOCTYPE html><html>");
        assertRefused(folder, "config.json: not a configuration", "HTML");

        text("model.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
        assertRefused(folder.resolve("model.onnx"), "model.onnx: not an ONNX model", "git lfs pull");
    }

    @Test
    void aConfigurationOfAnotherModelIsRefused() throws IOException, URISyntaxException {
        tinyBert("model.safetensors");
        String config = Files.readString(resource("/tiny_bert/config.json"));

        text("config.json", config.replace("\"vocab_size\": 1124", "\"vocab_size\": 16000000"));
        assertRefused(folder, WORDS + " is [1124, 32], the configuration says [16000000, 32]");

        text("config.json", config.replace("\"num_hidden_layers\": 5", "\"num_hidden_layers\": 6"));
        assertRefused(folder, "num_hidden_layers 6, the checkpoint has 5");
    }

    @Test
    void fewerLayersThanThereAreWillDo() throws IOException, URISyntaxException {
        tinyBert("model.safetensors");
        text(
                "config.json",
                Files.readString(resource("/tiny_bert/config.json"))
                        .replace("\"num_hidden_layers\": 5", "\"num_hidden_layers\": 2"));

        try (Pretrained model = Pretrained.open(folder)) {
            assertThat(model.config().numHiddenLayers()).isEqualTo(2);
        }
    }

    @Test
    void opensACheckpointInSeveralFiles() throws IOException, URISyntaxException {
        tinyBert("config.json");
        write("model-00001-of-00002.safetensors", Map.of("embeddings.LayerNorm.gamma", 1f));
        write("model-00002-of-00002.safetensors", Map.of("classifier.bias", 2f));
        text("model.safetensors.index.json", """
                {"metadata": {"total_size": 8}, "weight_map": {
                  "embeddings.LayerNorm.gamma": "model-00001-of-00002.safetensors",
                  "classifier.bias": "model-00002-of-00002.safetensors"}}""");

        try (Pretrained model = Pretrained.open(folder)) {
            assertThat(model.weights().names()).containsExactly("bert.embeddings.LayerNorm.weight", "classifier.bias");
            assertThat(floats(model.weights(), "classifier.bias")).containsExactly(2);
        }
    }

    @Test
    void anIndexMustNameFilesOfItsFolder() throws IOException, URISyntaxException {
        tinyBert("config.json");
        for (String name : List.of("../a.safetensors", "/a.safetensors", "pytorch_model.bin")) {
            text("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"" + name + "\"}}");

            assertRefused(folder, "weight_map names '" + name + "'");
        }
        text("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"absent.safetensors\"}}");
        assertRefused(folder, "absent.safetensors: no such file");
        text("model.safetensors.index.json", "{\"weight_map\": {}}");
        assertRefused(folder, "weight_map is missing or empty");
        text("model.safetensors.index.json", "[");
        assertRefused(folder, "not the index");
    }

    @Test
    void aParameterByTwoNamesIsRefused() throws IOException, URISyntaxException {
        tinyBert("config.json");
        write("model.safetensors", Map.of("bert.pooler.dense.bias", 1f, "pooler.dense.bias", 2f));

        assertRefused(folder, "parameter bert.pooler.dense.bias is there twice");
    }

    private void write(String file, Map<String, Float> numbers) {
        Map<String, SafeTensors.Source> tensors = new TreeMap<>();
        numbers.forEach((name, number) ->
                tensors.put(name, SafeTensors.Source.of(List.of(1L), FloatBuffer.wrap(new float[] {number}))));
        SafeTensors.write(folder.resolve(file), tensors, Map.of());
    }

    @Test
    void opensAnOnnxFileWithItsTokenizer() throws IOException, URISyntaxException {
        Path file = copy("/onnx_exports/script/model.onnx", "tiny.onnx");
        text("tiny-tokenizer.json", "{}");

        try (Pretrained model = Pretrained.open(file)) {
            assertThat(model.name()).isEqualTo("tiny.onnx");
            assertThat(model.config().numAttentionHeads()).isEqualTo(2);
            assertThat(model.weights().shape(WORDS)).containsExactly(20L, 8L);
            assertThat(model.tokenizerFiles()).containsOnlyKeys("tokenizer.json");
        }

        text("tokenizer.json", "[]");
        try (Pretrained model = Pretrained.open(file)) {
            assertThat(model.tokenizerFiles().get("tokenizer.json")).asString().isEqualTo("[]");
        }
    }

    @Test
    void aConfigurationBesideAnOnnxFileWins() throws IOException, URISyntaxException {
        Path file = copy("/onnx_exports/dynamo/model.onnx", "model.onnx");
        text(
                "config.json",
                Files.readString(resource("/onnx_exports/dynamo/config.json"))
                        .replace("\"num_attention_heads\": 2", "\"num_attention_heads\": 4"));

        for (Path path : List.of(file, folder)) {
            try (Pretrained model = Pretrained.open(path)) {
                assertThat(model.config().numAttentionHeads()).isEqualTo(4);
                assertThat(model.config().id2label()).hasSize(3);
            }
        }
    }

    /** A name of its own, so that files unpacked by others do not matter. */
    private static final String ARCHIVE = "pretrained-test-" + UUID.randomUUID() + ".jar";

    private Path archive(String... entries) throws IOException, URISyntaxException {
        Path file = folder.resolve(ARCHIVE);
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(
                        entry.endsWith(".onnx")
                                ? Files.readAllBytes(resource("/onnx_exports/script/model.onnx"))
                                : "{}".getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return file;
    }

    private static Set<Path> unpacked() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return new HashSet<>(
                    files.filter(file -> file.getFileName().toString().startsWith("bert-finetune-" + ARCHIVE))
                            .toList());
        }
    }

    @Test
    void opensAnArchiveAndLeavesNothingBehind() throws IOException, URISyntaxException {
        Set<Path> before = unpacked();
        Path file = archive("README", "a/tiny.onnx", "a/tiny-tokenizer.json", "META-INF/x.json");

        Pretrained model = Pretrained.open(file);
        assertThat(floats(model.weights(), WORDS)).hasSize(160);
        assertThat(model.tokenizerFiles()).containsOnlyKeys("tokenizer.json");
        model.close();
        model.close();

        assertThat(unpacked()).isEqualTo(before);
    }

    @Test
    void anArchiveMustHoldOneModelAndOneTokenizer() throws IOException, URISyntaxException {
        Set<Path> before = unpacked();

        assertRefused(archive("tokenizer.json"), ARCHIVE + ": expected an .onnx file inside, found none");
        assertRefused(archive("a.onnx", "b.onnx", "tokenizer.json"), "found [a.onnx, b.onnx]");
        assertRefused(archive("a.onnx", "tokenizer_config.json"), "expected a tokenizer.json", "found none");
        assertRefused(text("not.zip", "<html>"), "not.zip: not a zip archive", "HTML page");
        assertThat(unpacked()).isEqualTo(before);
    }

    /** The real MiniLM; the numbers are those of the folder that minilm.py --folder writes. */
    @Test
    void opensTheMiniLmArtifact() {
        Path jar = Path.of(System.getProperty("basedir", ".")).resolve("target/models/all-minilm-l6-v2.jar");
        assumeThat(jar)
                .as("the MiniLM artifact, which the Maven build copies to target/models")
                .exists();

        try (Pretrained model = Pretrained.open(jar)) {
            assertThat(model.config())
                    .hasToString("BertConfig[vocabSize=30522, hiddenSize=384, numHiddenLayers=6, numAttentionHeads=12,"
                            + " intermediateSize=1536, maxPositionEmbeddings=512]");
            assertThat(model.config().layerNormEps()).isEqualTo(1e-12);
            assertThat(model.config().typeVocabSize()).isEqualTo(2);
            assertThat(model.weights().names()).hasSize(5 + 6 * 16);
            String up = "bert.encoder.layer.5.intermediate.dense.weight";
            assertThat(model.weights().shape(up)).containsExactly(1536L, 384L);
            float[] numbers = floats(model.weights(), up);
            assertThat(numbers[1]).isEqualTo(0.048867878f);
            assertThat(numbers[384]).isEqualTo(0.02142288f);
            assertThat(numbers[1536 * 384 - 2]).isEqualTo(0.045461655f);
        }
    }
}
