package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The known answers of Random123, the authors' library ({@code kat_vectors}, philox4x32 with 10 rounds). */
class PhiloxTest {
    @Test
    void counterAndKeyOfZeros() {
        assertThat(first(0, 0, 0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    }

    @Test
    void counterAndKeyOfOnes() {
        assertThat(first(-1L, -1L, -1, -1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    }

    @Test
    void counterAndKeyFromPi() {
        assertThat(first(0x299f31d0a4093822L, 0x0370734413198a2eL, 0x85a308d3, 0x243f6a88))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void aBlockIsTheSameWhereverItIsAskedFor() {
        long[][] fromZero = new long[4][Philox.LANES];
        long[][] fromSeven = new long[4][Philox.LANES];

        new Philox(5).blocks(Philox.Stream.DROPOUT, 3, 2, 0, fromZero);
        new Philox(5).blocks(Philox.Stream.DROPOUT, 3, 2, 7, fromSeven);

        for (int word = 0; word < 4; word++) {
            assertThat(fromSeven[word][0]).isEqualTo(fromZero[word][7]);
        }
    }

    @Test
    void streamsDiffer() {
        long[][] dropout = new long[4][Philox.LANES];
        long[][] initialisation = new long[4][Philox.LANES];

        new Philox(5).blocks(Philox.Stream.DROPOUT, 0, 0, 0, dropout);
        new Philox(5).blocks(Philox.Stream.INITIALISATION, 0, 0, 0, initialisation);

        assertThat(dropout[0]).isNotEqualTo(initialisation[0]);
    }

    private static int[] first(long seed, long step, int site, int block) {
        long[][] words = new long[4][Philox.LANES];
        new Philox(seed).blocks(Philox.Stream.DROPOUT, step, site, block, words);
        return new int[] {(int) words[0][0], (int) words[1][0], (int) words[2][0], (int) words[3][0]};
    }
}
