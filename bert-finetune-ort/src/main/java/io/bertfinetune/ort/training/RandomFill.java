package io.bertfinetune.ort.training;

import io.bertfinetune.ort.nn.Dropout;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** Fills tensors with random numbers drawn by {@link Philox}. */
final class RandomFill {
    /** Decisions that one group of Philox blocks is good for: 16 bits each. */
    static final int GROUP = Philox.LANES * 8;

    private RandomFill() {}

    /** How some groups of a dropout mask are written. */
    @FunctionalInterface
    interface Mask {
        void draw(Philox random, long step, int site, double p, ByteBuffer target, int firstGroup, int endGroup);
    }

    /**
     * Writes some groups of a dropout mask: 0 with probability p, else 1/(1−p). The probability is rounded to a 65,536th,
     * in the scale as well, so that the mean stays 1.
     *
     * @param target the whole mask
     * @param firstGroup the first group of {@link #GROUP} numbers to write
     * @param endGroup the one to stop before
     */
    static void dropout(Philox random, long step, int site, double p, ByteBuffer target, int firstGroup, int endGroup) {
        long threshold = Dropout.threshold(p);
        long kept = Float.floatToRawIntBits((float) Dropout.keptScale(p));
        LongBuffer out = target.asLongBuffer();
        int size = target.remaining() / Float.BYTES;
        long[][] words = new long[4][Philox.LANES];
        long[] mask = new long[GROUP / 2];
        for (int group = firstGroup; group < endGroup; group++) {
            random.blocks(Philox.Stream.DROPOUT, step, site, group * Philox.LANES, words);
            for (int w = 0; w < 4; w++) {
                decide(words[w], threshold, kept, mask, w * Philox.LANES);
            }
            int at = group * GROUP;
            int count = Math.min(GROUP, size - at);
            out.put(at / 2, mask, 0, count / 2);
            if (count % 2 == 1) {
                target.putInt((size - 1) * Float.BYTES, (int) mask[count / 2]);
            }
        }
    }

    /**
     * The same decisions as {@link #dropout} makes, as bits: 0 with probability p, eight to a byte, the lowest first.
     *
     * @param target the whole mask, {@link #packedSize} bytes
     */
    static void packedDropout(
            Philox random, long step, int site, double p, ByteBuffer target, int firstGroup, int endGroup) {
        long threshold = Dropout.threshold(p);
        long[][] words = new long[4][Philox.LANES];
        long[] mask = new long[GROUP / 2];
        byte[] bits = new byte[GROUP / Byte.SIZE];
        for (int group = firstGroup; group < endGroup; group++) {
            random.blocks(Philox.Stream.DROPOUT, step, site, group * Philox.LANES, words);
            for (int w = 0; w < 4; w++) {
                decide(words[w], threshold, 1, mask, w * Philox.LANES);
            }
            for (int i = 0; i < bits.length; i++) {
                int packed = 0;
                for (int pair = 0; pair < Byte.SIZE / 2; pair++) {
                    long two = mask[i * Byte.SIZE / 2 + pair];
                    packed |= (int) ((two & 1) | (two >>> 31)) << (2 * pair);
                }
                bits[i] = (byte) packed;
            }
            target.put(group * bits.length, bits);
        }
    }

    /** How many bytes the bits of a mask of this size take, in whole groups. */
    static long packedSize(long size) {
        return (long) groups(size) * GROUP / Byte.SIZE;
    }

    /** Two decisions from each word, side by side: its lower and its upper half below the threshold mean zero. */
    private static void decide(long[] words, long threshold, long kept, long[] mask, int at) {
        for (int i = 0; i < Philox.LANES; i++) {
            long w = words[i];
            long first = kept & ~(((w & 0xFFFF) - threshold) >> 63);
            long second = kept & ~(((w >>> 16) - threshold) >> 63);
            mask[at + i] = first | (second << 32);
        }
    }

    /** The number of groups a mask of this size has. */
    static int groups(long size) {
        return Math.toIntExact((size + GROUP - 1) / GROUP);
    }

    /** Draws from a normal distribution of mean 0 (Box and Muller, 1958). */
    static void normal(Philox random, int site, double standardDeviation, FloatBuffer target) {
        long[][] words = new long[4][Philox.LANES];
        for (int block = 0; target.hasRemaining(); block += Philox.LANES) {
            random.blocks(Philox.Stream.INITIALISATION, 0, site, block, words);
            for (int i = 0; i < Philox.LANES && target.hasRemaining(); i++) {
                double radius =
                        standardDeviation * StrictMath.sqrt(-2 * StrictMath.log(unit(words[0][i], words[1][i])));
                double angle = 2 * StrictMath.PI * unit(words[2][i], words[3][i]);
                target.put((float) (radius * StrictMath.cos(angle)));
                if (target.hasRemaining()) {
                    target.put((float) (radius * StrictMath.sin(angle)));
                }
            }
        }
    }

    /** A number above 0 and up to 1. */
    private static double unit(long high, long low) {
        long bits = (high << 21) ^ (low >>> 11);
        return (bits + 1) * 0x1.0p-53;
    }
}
