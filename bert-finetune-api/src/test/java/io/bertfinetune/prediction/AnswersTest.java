package io.bertfinetune.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bertfinetune.text.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final Answer LIKELY = new Answer("1932", new Span(23, 27), 0.6);
    private static final Answer UNLIKELY = new Answer("in 1932", new Span(20, 27), 0.1);

    @Test
    void theBestIsTheFirst() {
        assertThat(new Answers(List.of(LIKELY, UNLIKELY), 0).best()).contains(LIKELY);
        assertThat(new Answers(List.of(LIKELY, UNLIKELY), 0.6).best()).contains(LIKELY);
    }

    @Test
    void noneIsBestIfThatIsMoreProbable() {
        assertThat(new Answers(List.of(LIKELY, UNLIKELY), 0.61).best()).isEmpty();
        assertThat(new Answers(List.of(), 0).best()).isEmpty();
    }

    @Test
    void anotherOrderIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Answers(List.of(UNLIKELY, LIKELY), 0))
                .withMessage("Answers: candidate 1 has score 0.6, more than the one before it, 0.1; expected the most"
                        + " probable first");
    }
}
