package io.bertfinetune.text;

/**
 * A stretch of a string or of a list, from {@code start} to before {@code end}. In a string it counts UTF-16 units, as
 * {@link String#substring} does.
 *
 * @param start where it begins, from 0
 * @param end where it ends, exclusive
 */
public record Span(int start, int end) {
    /**
     * Checks that the end is not before the start.
     *
     * @param start where it begins, from 0
     * @param end where it ends, exclusive
     */
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "Span: " + start + ".." + end + " is no stretch; expected 0 <= start <= end");
        }
    }

    /**
     * The characters of a text that this span covers.
     *
     * @param text the text it is a stretch of
     * @return its part
     * @throws IllegalArgumentException if the text ends before the span does
     */
    public String in(String text) {
        if (end > text.length()) {
            throw new IllegalArgumentException(
                    "Span: " + this + " ends after the text, which has " + text.length() + " characters");
        }
        return text.substring(start, end);
    }

    /**
     * Both ends.
     *
     * @return {@code 0..12}
     */
    @Override
    public String toString() {
        return start + ".." + end;
    }
}
