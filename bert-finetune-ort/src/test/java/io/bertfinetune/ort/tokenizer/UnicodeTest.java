package io.bertfinetune.ort.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnicodeTest {
    @Test
    void anEmojiTakesTwoUnits() {
        int[] positions =
                IntStream.range(0, 7).map(Unicode.utf16Positions("😀 café")).toArray();

        assertThat(positions).containsExactly(0, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void withoutSurrogatesPlacesStayAsTheyAre() {
        int[] positions =
                IntStream.range(0, 5).map(Unicode.utf16Positions("café")).toArray();

        assertThat(positions).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void wellFormedTextIsTheSameObject() {
        String text = "😀 café \0";

        assertThat(Unicode.wellFormed(text)).isSameAs(text);
    }

    @Test
    void eachLoneSurrogateIsReplaced() {
        assertThat(Unicode.wellFormed("\uD800")).isEqualTo("\uFFFD");
        assertThat(Unicode.wellFormed("a\uDE00\uD83Db")).isEqualTo("a\uFFFD\uFFFDb");
        assertThat(Unicode.wellFormed("\uD83D\uD83D\uDE00\uDE00")).isEqualTo("\uFFFD😀\uFFFD");
    }

    @Test
    void repairedTextSurvivesUtf8() {
        Random random = new Random(7);

        for (int round = 0; round < 1_000; round++) {
            StringBuilder text = new StringBuilder();
            random.ints(20, 0xD700, 0xE100).forEach(unit -> text.append((char) unit));
            String repaired = Unicode.wellFormed(text.toString());

            assertThat(repaired).hasSameSizeAs(text);
            assertThat(new String(Fixtures.bytes(repaired), UTF_8)).isEqualTo(repaired);
        }
    }
}
