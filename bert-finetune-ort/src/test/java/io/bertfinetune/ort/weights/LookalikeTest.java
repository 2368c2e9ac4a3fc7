package io.bertfinetune.ort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LookalikeTest {
    private static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("PK\u0003\u0004\u0000\u0000\b\bpytorch_model/data.pkl", "zip archive"),
                Arguments.of("PK\u0005\u0006\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000", "zip archive"),
                Arguments.of("\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.", "pickle"),
                Arguments.of("\u0080\u0004\u0095\u0012\u0000\u0000\u0000\u0000\u0000\u0000\u0000}", "pickle"),
                Arguments.of(
                        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 437955512\n",
                        "git lfs pull"),
                Arguments.of("<!DOCTYPE html>\n<html lang=\"en\"><head>", "HTML page"),
                Arguments.of("\n  <HTML><body>404 Not Found", "HTML page"),
                Arguments.of("\u0089HDF\r\n\u001a\n\u0000\u0000\u0000\u0000", "HDF5"),
                Arguments.of("GGUF\u0003\u0000\u0000\u0000\u0001", "GGUF"),
                Arguments.of("\u001f\u008b\b\u0000\u0000\u0000\u0000\u0000", "gzip"),
                Arguments.of("{\"error\":\"Repository not found\"}", "server's error message"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileThatIsSomethingElseIsNamed(String content, String words, @TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("model.safetensors"), content.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> SafeTensors.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model.safetensors: not a safetensors file; it looks like")
                .hasMessageContaining(words);
    }

    @Test
    void picklesComeWithAWayOut() {
        assertThat(Lookalike.of(new byte[] {(byte) 0x80, 2, 0, 0}).orElseThrow())
                .contains("never read", "save_pretrained");
    }

    @Test
    void otherFilesAreNotNamed() {
        assertThat(Lookalike.of(new byte[0])).isEmpty();
        assertThat(Lookalike.of("hello".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(Lookalike.of(new byte[] {8, 7, 18, 4})).isEmpty(); // how an ONNX model begins
        assertThat(Lookalike.of(new byte[] {64, 0, 0, 0, 0, 0, 0, 0, '{'})).isEmpty(); // and a safetensors file
    }
}
