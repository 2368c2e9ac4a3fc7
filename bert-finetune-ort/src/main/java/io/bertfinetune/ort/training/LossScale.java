package io.bertfinetune.ort.training;

import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.graph.DataType;
import java.nio.FloatBuffer;

/**
 * What the loss is multiplied by before it is differentiated, so that small gradients do not vanish in 16 bits: PyTorch's
 * {@code GradScaler} with its defaults. A step whose loss or gradients overflowed is left out and halves the factor; 2,000
 * good steps in a row double it.
 */
final class LossScale implements AutoCloseable {
    /** The name its state has in a session's file. */
    static final String STATE = "loss_scale";

    private static final float FIRST = 65_536;
    private static final float GROWTH = 2;
    private static final float BACKOFF = 0.5f;
    private static final int INTERVAL = 2_000;

    /** The factor, the number of good steps since it changed, and how many steps were left out. */
    private final DeviceTensor state;

    /** The factor by itself, as the graph reads it. */
    private final DeviceTensor factor;

    LossScale(Engine engine) {
        this.state = engine.allocateOnHost(DataType.FLOAT, 3);
        this.factor = state.view(0);
        set(FIRST, 0, 0);
    }

    /** The factor. */
    double factor() {
        return numbers()[0];
    }

    /** Whether it scales no more: what overflows now overflows by itself. */
    boolean isLeast() {
        return factor() <= 1;
    }

    /** The factor, for the graph. */
    DeviceTensor tensor() {
        return factor;
    }

    /** How many steps were left out. */
    long skipped() {
        return (long) numbers()[2];
    }

    /** All that is remembered, for the session's file. */
    DeviceTensor state() {
        return state;
    }

    /** Takes note of a step. */
    void stepped(boolean overflowed) {
        float[] now = numbers();
        int good = (int) now[1] + 1;
        if (overflowed) {
            set(now[0] * BACKOFF, 0, now[2] + 1);
        } else if (good == INTERVAL) {
            set(now[0] * GROWTH, 0, now[2]);
        } else {
            set(now[0], good, now[2]);
        }
    }

    private float[] numbers() {
        FloatBuffer numbers = ParameterStore.numbers(state);
        return new float[] {numbers.get(0), numbers.get(1), numbers.get(2)};
    }

    private void set(float newFactor, int good, float skipped) {
        state.write(bytes -> bytes.asFloatBuffer().put(newFactor).put(good).put(skipped));
    }

    @Override
    public void close() {
        state.close();
    }
}
