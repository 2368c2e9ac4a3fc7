package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrtFunctionTest {
    @ParameterizedTest
    @EnumSource
    void placeIsTheOneInTheHeader(OrtFunction function) throws IOException {
        List<String> header = header();

        assertThat(header.get(function.place())).isEqualTo(function.cName());
    }

    private static List<String> header() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                OrtFunctionTest.class.getResourceAsStream("/ort_api_24.txt"), StandardCharsets.UTF_8))) {
            return reader.lines().skip(1).toList();
        }
    }
}
