package io.bertfinetune.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bertfinetune.text.Span;
import io.bertfinetune.text.Words;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaggingTest {
    private static final Words ADA = Words.of("Ada", "Lovelace", "met", "Babbage", ".");

    @Test
    void entitiesHaveTypeTextPlaceAndScore() {
        Tagging tagging =
                new Tagging(ADA, List.of("B-PER", "I-PER", "O", "B-PER", "O"), List.of(0.9, 0.7, 0.99, 0.8, 0.95));

        assertThat(tagging.entities())
                .containsExactly(
                        new Entity("PER", "Ada Lovelace", new Span(0, 2), new Span(0, 12), 0.7),
                        new Entity("PER", "Babbage", new Span(3, 4), new Span(17, 24), 0.8));
        assertThat(tagging.entities().get(0)).hasToString("PER \"Ada Lovelace\" 0..12");
    }

    @Test
    void charactersAreThoseOfTheTextAsItWas() {
        Words words = new Words("Ada  Lovelace.", List.of(new Span(0, 3), new Span(5, 13), new Span(13, 14)));

        Entity ada =
                Tagging.of(words, List.of("B-PER", "I-PER", "O")).entities().get(0);

        assertThat(ada.text()).isEqualTo("Ada  Lovelace");
        assertThat(ada.characters()).isEqualTo(new Span(0, 13));
        assertThat(ada.score()).isEqualTo(1);
    }

    /** Worked by hand from the rules of conlleval, which seqeval's default mode has; the first is seqeval's own. */
    @ParameterizedTest
    @CsvSource({
        "B-PER I-PER O B-LOC, PER 0..2 LOC 3..4",
        "O O O B-MISC I-MISC I-MISC O B-PER I-PER, MISC 3..6 PER 7..9",
        "I-PER I-PER O I-LOC, PER 0..2 LOC 3..4", // IOB1
        "I-PER B-PER I-PER, PER 0..1 PER 1..3", // IOB1, two that touch
        "B-PER B-PER, PER 0..1 PER 1..2",
        "B-PER I-LOC I-LOC, PER 0..1 LOC 1..3", // another type begins
        "I-PER I-LOC, PER 0..1 LOC 1..2",
        "O I-PER, PER 1..2",
        "B-PER E-PER S-LOC O S-PER S-PER, PER 0..2 LOC 2..3 PER 4..5 PER 5..6", // BIOES
        "B-PER I-PER I-PER E-PER, PER 0..4",
        "B-PER I-PER S-PER, PER 0..2 PER 2..3",
        "E-PER E-PER, PER 0..1 PER 1..2", // an end without a beginning
        "I-PER E-PER I-PER, PER 0..2 PER 2..3", // nothing goes on after an end
        "S-PER I-PER, PER 0..1 PER 1..2",
        "S-PER E-PER, PER 0..1 PER 1..2",
        "B-PER E-LOC, PER 0..1 LOC 1..2",
        "O E-PER, PER 1..2",
        "B I O S, _ 0..2 _ 3..4", // without types
        "B- I-, _ 0..2",
        "B-creative-work I-creative-work, creative-work 0..2",
        "O O, ''",
    })
    void tagsAreReadAsConllevalReadsThem(String tags, String expected) {
        List<String> read = List.of(tags.split(" "));
        Words words = Words.of(Collections.nCopies(read.size(), "word"));

        String found = String.join(
                " ",
                Tagging.of(words, read).entities().stream()
                        .map(entity -> entity.type() + " " + entity.words())
                        .toList());

        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"U-PER", "L-PER", "NOUN", "PER-B", "OO", "O-PER", "b-PER", "''"})
    void aTagThatSpellsNoEntityIsRefused(String tag) {
        Tagging tagging = Tagging.of(Words.of("Ada"), List.of(tag));

        assertThatIllegalArgumentException()
                .isThrownBy(tagging::entities)
                .withMessage("Tagging: tag '" + tag + "' spells no entity; expected O, or B-, I-, E- or S- before a"
                        + " type (of BILOU, write L as E and U as S)");
    }

    @Test
    void everyWordHasATagAndAScore() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tagging.of(ADA, List.of("O")))
                .withMessage("Tagging: 5 words, 1 tags and 1 scores; expected as many of each");
        assertThatIllegalArgumentException().isThrownBy(() -> new Tagging(Words.of("Ada"), List.of("O"), List.of()));
    }
}
