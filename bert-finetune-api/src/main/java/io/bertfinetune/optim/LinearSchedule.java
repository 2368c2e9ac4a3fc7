package io.bertfinetune.optim;

record LinearSchedule() implements LearningRateSchedule {
    @Override
    public double curve(Progress p) {
        double left = p.totalSteps() - p.step();
        return Math.max(0, left / Math.max(1, p.totalSteps() - p.warmupSteps()));
    }

    @Override
    public String type() {
        return "linear";
    }
}
