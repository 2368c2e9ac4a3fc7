package io.bertfinetune.prediction;

import io.bertfinetune.text.Span;
import java.util.Objects;

/**
 * A stretch of a text that has a type: a person, a place.
 *
 * @param type the type, {@code PER} for instance
 * @param text the characters it covers
 * @param words which words it covers, counted from 0
 * @param characters which characters of the text it covers
 * @param score how sure the model is: the least probability among its tags
 */
public record Entity(String type, String text, Span words, Span characters, double score) {
    /**
     * Checks that nothing is null.
     *
     * @param type the type, {@code PER} for instance
     * @param text the characters it covers
     * @param words which words it covers, counted from 0
     * @param characters which characters of the text it covers
     * @param score how sure the model is: the least probability among its tags
     */
    public Entity {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(words, "words");
        Objects.requireNonNull(characters, "characters");
    }

    /**
     * Type, text and characters.
     *
     * @return {@code PER "Ada Lovelace" 0..12}
     */
    @Override
    public String toString() {
        return type + " \"" + text + "\" " + characters;
    }
}
