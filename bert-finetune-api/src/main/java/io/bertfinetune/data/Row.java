package io.bertfinetune.data;

import io.bertfinetune.error.DataException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One record of a table file, which knows where it stands.
 *
 * @param file the file, as it was named when it was opened
 * @param line the line it begins on, from 1
 * @param cells the text of each column, by the name of the column, in order
 */
public record Row(String file, long line, Map<String, String> cells) {
    /**
     * Keeps the order of the columns.
     *
     * @param file the file
     * @param line the line, from 1
     * @param cells the text of each column
     */
    public Row {
        cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
    }

    /**
     * The text of a column.
     *
     * @param column its name
     * @return the text, not trimmed; empty if the cell is
     * @throws DataException if there is no such column; the message lists those there are
     */
    public String get(String column) {
        String text = cells.get(column);
        if (text == null) {
            throw new DataException(where() + "no column '" + column + "'; there are " + cells.keySet());
        }
        return text;
    }

    /**
     * The number in a column, as Java writes numbers: {@code 3.5}, {@code -2e-5}.
     *
     * @param column its name
     * @return the number, neither infinite nor NaN
     * @throws DataException if there is no such column, or no such number in it
     */
    public double getDouble(String column) {
        String text = get(column);
        try {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new DataException(notANumber(column, text), e);
        }
        throw new DataException(notANumber(column, text));
    }

    private String notANumber(String column, String text) {
        return where() + "column '" + column + "' holds '" + text + "', expected a finite number";
    }

    private String where() {
        return file + ":" + line + ": ";
    }
}
