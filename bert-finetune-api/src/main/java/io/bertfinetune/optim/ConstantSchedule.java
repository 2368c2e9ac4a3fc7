package io.bertfinetune.optim;

record ConstantSchedule() implements LearningRateSchedule {
    @Override
    public double curve(Progress p) {
        return 1;
    }

    @Override
    public double factor(Progress p) {
        return 1;
    }

    @Override
    public String type() {
        return "constant";
    }
}
