package io.bertfinetune.optim;

import java.util.Map;
import java.util.TreeMap;

record PolynomialSchedule(double power, double lrEnd) implements LearningRateSchedule {
    static final double POWER = 1;
    static final double LR_END = 1e-7;

    PolynomialSchedule {
        if (!(power > 0) || Double.isInfinite(power)) {
            throw new IllegalArgumentException("polynomial: power is " + power + ", expected a number above 0");
        }
        if (!(lrEnd >= 0) || Double.isInfinite(lrEnd)) {
            throw new IllegalArgumentException("polynomial: lr_end is " + lrEnd + ", expected a number from 0");
        }
    }

    @Override
    public double curve(Progress p) {
        double start = p.baseLearningRate();
        if (lrEnd >= start) {
            throw new IllegalArgumentException(
                    "polynomial: lr_end is " + lrEnd + ", expected less than the learning rate, which is " + start);
        }
        return (lrEnd + (start - lrEnd) * Math.pow(1 - p.afterWarmup(), power)) / start;
    }

    @Override
    public String type() {
        return "polynomial";
    }

    @Override
    public Map<String, Object> kwargs() {
        Map<String, Object> kwargs = new TreeMap<>();
        if (power != POWER) {
            kwargs.put("power", power);
        }
        if (lrEnd != LR_END) {
            kwargs.put("lr_end", lrEnd);
        }
        return kwargs;
    }
}
