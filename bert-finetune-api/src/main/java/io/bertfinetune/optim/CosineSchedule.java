package io.bertfinetune.optim;

import java.util.Map;

record CosineSchedule(double numCycles) implements LearningRateSchedule {
    static final double HALF_A_WAVE = 0.5;

    CosineSchedule {
        requireCycles("cosine", numCycles);
    }

    @Override
    public double curve(Progress p) {
        return wave(numCycles, p.afterWarmup());
    }

    @Override
    public String type() {
        return "cosine";
    }

    @Override
    public Map<String, Object> kwargs() {
        return kwargs(numCycles);
    }

    /** A cosine from 1 down to 0 and so on; {@code share} is how much of all the waves is over. */
    static double wave(double waves, double share) {
        return 0.5 * (1 + Math.cos(2 * Math.PI * waves * share));
    }

    static Map<String, Object> kwargs(double numCycles) {
        return numCycles == HALF_A_WAVE ? Map.of() : Map.of("num_cycles", numCycles);
    }

    static void requireCycles(String type, double numCycles) {
        if (!(numCycles > 0) || Double.isInfinite(numCycles)) {
            throw new IllegalArgumentException(type + ": num_cycles is " + numCycles + ", expected a number above 0");
        }
    }
}
