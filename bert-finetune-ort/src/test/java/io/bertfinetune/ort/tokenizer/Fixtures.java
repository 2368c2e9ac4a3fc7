package io.bertfinetune.ort.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The files the tests of this room read. */
final class Fixtures {
    private static final Path BERT_ASSETS = Path.of("..", "..", "shared", "data", "bert_assets");

    private Fixtures() {}

    /** The named tokenizer files of tiny_bert. */
    static Map<String, byte[]> tinyBert(String... names) {
        Map<String, byte[]> files = new HashMap<>();
        Stream.of(names).forEach(name -> files.put(name, resource("/tiny_bert/" + name)));
        return files;
    }

    static CloseableTokenizer tinyTokenizer() {
        return OrtTokenizers.read(tinyBert("tokenizer.json", "tokenizer_config.json"), "tiny_bert");
    }

    static JsonObject tinyTokenizerJson() {
        return json(resource("/tiny_bert/tokenizer.json"));
    }

    static CloseableTokenizer tokenizer(JsonObject tokenizerJson) {
        return OrtTokenizers.read(Map.of("tokenizer.json", bytes(tokenizerJson.toString())), "test");
    }

    /** A tokenizer of a vocabulary file with these lines. */
    static CloseableTokenizer tokenizer(Iterable<String> vocabulary, String config) {
        return OrtTokenizers.read(
                Map.of(
                        "vocab.txt",
                        bytes(String.join("\n", vocabulary) + "\n"),
                        "tokenizer_config.json",
                        bytes(config)),
                "test");
    }

    /** A file of the real BERT vocabularies; the test is skipped where they are not. */
    static byte[] bertAsset(String name) {
        Path file = BERT_ASSETS.resolve(name);
        assumeTrue(Files.exists(file), () -> "skipped: no " + file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] resource(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonObject json(byte[] bytes) {
        return JsonParser.parseString(new String(bytes, UTF_8)).getAsJsonObject();
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
