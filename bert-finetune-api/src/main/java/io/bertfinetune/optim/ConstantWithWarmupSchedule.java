package io.bertfinetune.optim;

record ConstantWithWarmupSchedule() implements LearningRateSchedule {
    @Override
    public double curve(Progress p) {
        return 1;
    }

    @Override
    public String type() {
        return "constant_with_warmup";
    }
}
