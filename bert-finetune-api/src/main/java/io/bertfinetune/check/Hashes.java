package io.bertfinetune.check;

import com.google.common.hash.Hashing;
import java.util.Arrays;

/** Which texts there were, at eight bytes a text. Two of a million different ones meet once in forty million tries. */
final class Hashes {
    private long[] hashes = new long[1024];
    private int size;
    private boolean sorted;

    static long of(String text) {
        return Hashing.murmur3_128().hashUnencodedChars(text).asLong();
    }

    void add(long hash) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        hashes[size++] = hash;
        sorted = false;
    }

    boolean contains(long hash) {
        if (!sorted) {
            Arrays.sort(hashes, 0, size);
            sorted = true;
        }
        return Arrays.binarySearch(hashes, 0, size, hash) >= 0;
    }
}
