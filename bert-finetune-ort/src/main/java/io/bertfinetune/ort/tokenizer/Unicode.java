package io.bertfinetune.ort.tokenizer;

import java.util.function.IntUnaryOperator;

/** What Java's strings, of UTF-16 units, are to a library that counts code points. */
final class Unicode {
    private static final char REPLACEMENT = '\uFFFD';

    private Unicode() {}

    /** The text with U+FFFD for each surrogate that is not one of a pair; everything stays at its place. */
    static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                i++;
                continue;
            }
            repaired = repaired == null ? new StringBuilder(text) : repaired;
            repaired.setCharAt(i, REPLACEMENT);
        }
        return repaired == null ? text : repaired.toString();
    }

    /** From the number of a code point in the text to the number of its first UTF-16 unit. */
    static IntUnaryOperator utf16Positions(String text) {
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints == text.length()) {
            return IntUnaryOperator.identity();
        }
        int[] positions = new int[codePoints + 1];
        for (int i = 0; i < codePoints; i++) {
            positions[i + 1] = positions[i] + Character.charCount(text.codePointAt(positions[i]));
        }
        return codePoint -> positions[codePoint];
    }
}
