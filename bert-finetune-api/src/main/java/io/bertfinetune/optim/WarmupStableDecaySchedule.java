package io.bertfinetune.optim;

import java.util.Map;
import java.util.TreeMap;

record WarmupStableDecaySchedule(long decaySteps, double minLrRatio, double numCycles) implements LearningRateSchedule {
    WarmupStableDecaySchedule {
        if (decaySteps < 0) {
            throw new IllegalArgumentException(
                    "warmup_stable_decay: num_decay_steps is " + decaySteps + ", expected 0 or more");
        }
        if (!(minLrRatio >= 0 && minLrRatio <= 1)) {
            throw new IllegalArgumentException("warmup_stable_decay: min_lr_ratio is " + minLrRatio
                    + ", expected 0 to 1, a share of the learning rate");
        }
        CosineSchedule.requireCycles("warmup_stable_decay", numCycles);
    }

    @Override
    public double factor(Progress p) {
        return p.step() < p.warmupSteps() ? aboveMin(p.step() / (double) p.warmupSteps()) : curve(p);
    }

    @Override
    public double curve(Progress p) {
        long decayed = p.step() - (p.totalSteps() - decaySteps);
        if (decayed < 0) {
            return 1;
        }
        return decayed < decaySteps
                ? aboveMin(CosineSchedule.wave(numCycles, decayed / (double) decaySteps))
                : minLrRatio;
    }

    private double aboveMin(double share) {
        return minLrRatio + (1 - minLrRatio) * share;
    }

    @Override
    public String type() {
        return "warmup_stable_decay";
    }

    @Override
    public Map<String, Object> kwargs() {
        Map<String, Object> kwargs = new TreeMap<>(CosineSchedule.kwargs(numCycles));
        kwargs.put("num_decay_steps", (double) decaySteps);
        if (minLrRatio != 0) {
            kwargs.put("min_lr_ratio", minLrRatio);
        }
        return kwargs;
    }
}
