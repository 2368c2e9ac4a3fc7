package io.bertfinetune.ort.training;

/**
 * Philox4x32-10 (Salmon et al., 2011): random numbers as a pure function of a key and a counter. There is no state to
 * keep: the same seed, stream, step, site and place give the same number, in any order and on any machine.
 */
final class Philox {
    /** What numbers are drawn for; streams never meet. */
    enum Stream {
        DROPOUT(0),
        INITIALISATION(1);

        private final int number;

        Stream(int number) {
            this.number = number;
        }
    }

    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    /** How many blocks are computed together, so that the compiler can use vector instructions. */
    static final int LANES = 256;

    private final int key0;
    private final int key1;

    /** Numbers for this seed. */
    Philox(long seed) {
        this.key0 = (int) seed;
        this.key1 = (int) (seed >>> 32);
    }

    /**
     * Draws {@link #LANES} blocks of four numbers of 32 bits.
     *
     * @param firstBlock the number of the first block
     * @param site which tensor they are for
     * @param step which step they are for
     * @param words four arrays of {@link #LANES}, overwritten
     */
    void blocks(Stream stream, long step, int site, int firstBlock, int[][] words) {
        int[] c0 = words[0];
        int[] c1 = words[1];
        int[] c2 = words[2];
        int[] c3 = words[3];
        int upper = (int) (step >>> 32) ^ (stream.number << 28);
        for (int i = 0; i < LANES; i++) {
            c0[i] = firstBlock + i;
            c1[i] = site;
            c2[i] = (int) step;
            c3[i] = upper;
        }
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < ROUNDS; round++) {
            round(c0, c1, c2, c3, k0, k1);
            k0 += W0;
            k1 += W1;
        }
    }

    private static void round(int[] c0, int[] c1, int[] c2, int[] c3, int k0, int k1) {
        for (int i = 0; i < LANES; i++) {
            int a = c0[i];
            int b = c2[i];
            int highA = high(a, M0 & 0xFFFF, M0 >>> 16);
            int highB = high(b, M1 & 0xFFFF, M1 >>> 16);
            c0[i] = highB ^ c1[i] ^ k0;
            c1[i] = b * M1;
            c2[i] = highA ^ c3[i] ^ k1;
            c3[i] = a * M0;
        }
    }

    /** The upper half of an unsigned product of 32 bits by 32, in arithmetic of 32 bits. */
    private static int high(int a, int mLow, int mHigh) {
        int aLow = a & 0xFFFF;
        int aHigh = a >>> 16;
        int middle = aHigh * mLow + ((aLow * mLow) >>> 16);
        int carry = aLow * mHigh + (middle & 0xFFFF);
        return aHigh * mHigh + (middle >>> 16) + (carry >>> 16);
    }
}
