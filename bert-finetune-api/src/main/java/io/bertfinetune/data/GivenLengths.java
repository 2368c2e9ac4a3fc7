package io.bertfinetune.data;

import java.util.Arrays;

/** Groups by lengths that were given, not counted. */
final class GivenLengths implements Sampler {
    private final int[] lengths;

    GivenLengths(int[] lengths) {
        this.lengths = lengths.clone();
    }

    @Override
    public int[] order(Epoch epoch) {
        return LengthGroups.order(epoch.lengths(lengths), index -> lengths[index]);
    }

    /** Tells it from one of other lengths, by which a resumed run is known. */
    @Override
    public String toString() {
        return "group_by_length(" + lengths.length + " lengths, hash " + Integer.toHexString(Arrays.hashCode(lengths))
                + ")";
    }
}
