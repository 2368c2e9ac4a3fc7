package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bertfinetune.error.DataException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowTest {
    private static Row row(String score) {
        Map<String, String> cells = new LinkedHashMap<>();
        cells.put("text", " Where is it? ");
        cells.put("score", score);
        return new Row("mails.csv", 7, cells);
    }

    @Test
    void cellsAreFoundByColumnAndNotTrimmed() {
        assertThat(row("1").get("text")).isEqualTo(" Where is it? ");
    }

    @Test
    void anUnknownColumnIsShownWithFileLineAndColumns() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> row("1").get("txt"))
                .withMessage("mails.csv:7: no column 'txt'; there are [text, score]");
    }

    @Test
    void numbersAreRead() {
        assertThat(row("-2e-5").getDouble("score")).isEqualTo(-2e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "three", "1,5", "NaN", "Infinity"})
    void whatIsNoNumberIsShownWithFileLineAndColumn(String score) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> row(score).getDouble("score"))
                .withMessage("mails.csv:7: column 'score' holds '" + score + "', expected a finite number");
    }
}
