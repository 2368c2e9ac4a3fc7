package io.bertfinetune.ort.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Text;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ids, segments, tokens, offsets and words equal those of Hugging Face (oracle/tokenizer.py). */
class GoldenTokensTest {
    private static CloseableTokenizer fromJson;
    private static CloseableTokenizer fromVocabulary;

    @BeforeAll
    static void open() {
        fromJson = Fixtures.tinyTokenizer();
        fromVocabulary = OrtTokenizers.read(Fixtures.tinyBert("vocab.txt"), "tiny_bert");
    }

    @AfterAll
    static void close() {
        fromJson.close();
        fromVocabulary.close();
    }

    static Stream<GoldenCase> cases() {
        return GoldenCase.all();
    }

    @Test
    void thereAreManyCases() {
        assertThat(cases()).hasSizeGreaterThan(100);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("cases")
    void tokenizerJsonEncodesAsHuggingFace(GoldenCase golden) {
        Encoding encoding = fromJson.encode(golden.text(), golden.maxLength());

        golden.check(encoding);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("cases")
    void vocabularyAloneEncodesAsHuggingFace(GoldenCase golden) {
        Encoding encoding = fromVocabulary.encode(golden.text(), golden.maxLength());

        golden.check(encoding);
    }

    @Test
    void encodingAllAtOnceEncodesAsHuggingFace() {
        List<GoldenCase> cut =
                cases().filter(golden -> golden.maxLength() == 16).toList();
        List<GoldenCase> whole =
                cases().filter(golden -> golden.maxLength() != 16).toList();

        List<Encoding> encodedCut = fromJson.encodeAll(texts(cut), 16);
        List<Encoding> encodedWhole = fromJson.encodeAll(texts(whole), Integer.MAX_VALUE);

        assertThat(encodedCut).hasSameSizeAs(cut);
        assertThat(encodedWhole).hasSameSizeAs(whole);
        for (int i = 0; i < cut.size(); i++) {
            cut.get(i).check(encodedCut.get(i));
        }
        for (int i = 0; i < whole.size(); i++) {
            whole.get(i).check(encodedWhole.get(i));
        }
    }

    private static List<Text> texts(List<GoldenCase> cases) {
        return cases.stream().map(GoldenCase::text).toList();
    }
}
