package io.bertfinetune.examples;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Which known words somebody may have meant. */
final class CloseMatches {
    private static final int MOST = 3;

    private CloseMatches() {}

    /** The nearest words, best first: few letters apart, or one within the other. At most three, or none. */
    static List<String> of(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> isClose(word, candidate))
                .sorted(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
    }

    private static boolean isClose(String word, String candidate) {
        return isWithin(word, candidate)
                || isWithin(candidate, word)
                || distance(word, candidate) <= Math.max(1, word.length() / 3);
    }

    private static boolean isWithin(String part, String whole) {
        return part.length() >= 4 && whole.contains(part);
    }

    /** How many letters must be put in, taken out or replaced (Levenshtein, 1966). */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
            }
        }
        return row[b.length()];
    }
}
