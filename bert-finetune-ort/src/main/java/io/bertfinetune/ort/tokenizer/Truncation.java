package io.bertfinetune.ort.tokenizer;

/**
 * How many tokens of each text stay when a pair is cut from its longer text first: {@code longest_first} of Hugging
 * Face's Rust library ({@code truncate_encodings}). Of texts become equally long, the one that was shorter gives way
 * first; a single text is a pair with nothing.
 *
 * @param first the tokens kept of the first text
 * @param second the tokens kept of the second
 */
record Truncation(int first, int second) {
    /** What stays of texts of these many tokens when there is room for that many. */
    static Truncation longestFirst(int first, int second, int room) {
        if (first + second <= room) {
            return new Truncation(first, second);
        }
        int shorter = Math.min(first, second);
        int longer = room - shorter;
        if (longer < shorter) {
            shorter = room / 2;
            longer = room - shorter;
        }
        return first > second ? new Truncation(longer, shorter) : new Truncation(shorter, longer);
    }
}
