package io.bertfinetune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void wordsOfACorpusAreJoinedBySpaces() {
        Words words = Words.of("Ada", "met", "Babbage");

        assertThat(words.text()).isEqualTo("Ada met Babbage");
        assertThat(words.spans()).containsExactly(new Span(0, 3), new Span(4, 7), new Span(8, 15));
        assertThat(words.words()).containsExactly("Ada", "met", "Babbage");
        assertThat(Words.of(List.of("Ada", "met", "Babbage"))).isEqualTo(words);
    }

    @Test
    void wordsOfATextKeepTheirPlaces() {
        Words words = new Words("Ada, ok", List.of(new Span(0, 3), new Span(3, 4), new Span(5, 7)));

        assertThat(words.words()).containsExactly("Ada", ",", "ok");
    }

    @Test
    void thereMayBeNoWords() {
        assertThat(Words.of().words()).isEmpty();
    }

    @Test
    void wordsThatOverlapOrAreEmptyOrNotInTheTextAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Words("Ada met", List.of(new Span(0, 4), new Span(3, 7))))
                .withMessage("Words: word 1 is at 3..7, expected one character or more between 4 and 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Words.of("Ada", ""))
                .withMessageContaining("word 1 is at 4..4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Words("Ada", List.of(new Span(0, 4))))
                .withMessageContaining("between 0 and 3");
    }
}
