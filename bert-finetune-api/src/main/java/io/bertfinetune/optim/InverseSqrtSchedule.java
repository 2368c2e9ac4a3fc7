package io.bertfinetune.optim;

import java.util.Map;

/** Its time scale is a number of steps, or {@link #AS_WARMUP}: as long as the warm-up, or 10,000 steps without one. */
record InverseSqrtSchedule(long timescale) implements LearningRateSchedule {
    static final int AS_WARMUP = 0;

    InverseSqrtSchedule {
        if (timescale < 0) {
            throw new IllegalArgumentException("inverse_sqrt: timescale is " + timescale + ", expected 1 step or more");
        }
    }

    @Override
    public double curve(Progress p) {
        long fallback = p.warmupSteps() == 0 ? 10_000 : p.warmupSteps();
        double scale = timescale == AS_WARMUP ? fallback : timescale;
        return 1 / Math.sqrt((p.step() - p.warmupSteps() + scale) / scale);
    }

    @Override
    public String type() {
        return "inverse_sqrt";
    }

    @Override
    public Map<String, Object> kwargs() {
        return timescale == AS_WARMUP ? Map.of() : Map.of("timescale", (double) timescale);
    }
}
