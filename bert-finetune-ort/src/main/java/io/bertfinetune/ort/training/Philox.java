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

    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final long LOW = 0xFFFFFFFFL;
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
     * Draws {@link #LANES} blocks of four numbers of 32 bits, each in a {@code long}: the upper half of a product of two
     * is then one shift, which vector instructions have.
     *
     * @param firstBlock the number of the first block
     * @param site which tensor they are for
     * @param step which step they are for
     * @param words four arrays of {@link #LANES}, overwritten
     */
    void blocks(Stream stream, long step, int site, int firstBlock, long[][] words) {
        long[] c0 = words[0];
        long[] c1 = words[1];
        long[] c2 = words[2];
        long[] c3 = words[3];
        long upper = (step >>> 32) ^ ((long) stream.number << 28);
        for (int i = 0; i < LANES; i++) {
            c0[i] = (firstBlock + i) & LOW;
            c1[i] = site & LOW;
            c2[i] = step & LOW;
            c3[i] = upper;
        }
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < ROUNDS; round++) {
            round(c0, c1, c2, c3, k0 & LOW, k1 & LOW);
            k0 += W0;
            k1 += W1;
        }
    }

    private static void round(long[] c0, long[] c1, long[] c2, long[] c3, long k0, long k1) {
        for (int i = 0; i < LANES; i++) {
            long a = c0[i] * M0;
            long b = c2[i] * M1;
            c0[i] = (b >>> 32) ^ c1[i] ^ k0;
            c1[i] = b & LOW;
            c2[i] = (a >>> 32) ^ c3[i] ^ k1;
            c3[i] = a & LOW;
        }
    }
}
