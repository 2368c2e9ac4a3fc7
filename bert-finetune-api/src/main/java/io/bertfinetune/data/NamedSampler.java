package io.bertfinetune.data;

import java.util.Locale;
import java.util.stream.IntStream;

enum NamedSampler implements Sampler {
    RANDOM {
        @Override
        public int[] order(Epoch epoch) {
            return Permutation.of(epoch.count(), Permutation.seed(epoch.seed(), epoch.number()));
        }
    },
    SEQUENTIAL {
        @Override
        public int[] order(Epoch epoch) {
            return IntStream.range(0, epoch.count()).toArray();
        }
    },
    GROUP_BY_LENGTH {
        @Override
        public int[] order(Epoch epoch) {
            return LengthGroups.order(epoch, epoch::length);
        }
    };

    @Override
    public String type() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return type();
    }
}
