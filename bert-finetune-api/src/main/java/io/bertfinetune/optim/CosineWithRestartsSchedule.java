package io.bertfinetune.optim;

import java.util.Map;

record CosineWithRestartsSchedule(int numCycles) implements LearningRateSchedule {
    CosineWithRestartsSchedule {
        if (numCycles < 1) {
            throw new IllegalArgumentException(
                    "cosine_with_restarts: num_cycles is " + numCycles + ", expected 1 or more");
        }
    }

    @Override
    public double curve(Progress p) {
        double share = p.afterWarmup();
        return share >= 1 ? 0 : CosineSchedule.wave(CosineSchedule.HALF_A_WAVE, (numCycles * share) % 1);
    }

    @Override
    public String type() {
        return "cosine_with_restarts";
    }

    @Override
    public Map<String, Object> kwargs() {
        return numCycles == 1 ? Map.of() : Map.of("num_cycles", (double) numCycles);
    }
}
