package io.bertfinetune.optim;

import java.util.Map;
import java.util.TreeMap;

record CosineWithMinLrSchedule(double minLrRate, double numCycles) implements LearningRateSchedule {
    CosineWithMinLrSchedule {
        if (!(minLrRate >= 0 && minLrRate <= 1)) {
            throw new IllegalArgumentException("cosine_with_min_lr: min_lr_rate is " + minLrRate
                    + ", expected 0 to 1, a share of the learning rate");
        }
        CosineSchedule.requireCycles("cosine_with_min_lr", numCycles);
    }

    @Override
    public double curve(Progress p) {
        return minLrRate + (1 - minLrRate) * CosineSchedule.wave(numCycles, p.afterWarmup());
    }

    @Override
    public String type() {
        return "cosine_with_min_lr";
    }

    @Override
    public Map<String, Object> kwargs() {
        Map<String, Object> kwargs = new TreeMap<>(CosineSchedule.kwargs(numCycles));
        kwargs.put("min_lr_rate", minLrRate);
        return kwargs;
    }
}
