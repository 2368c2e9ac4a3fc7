package io.bertfinetune.benchmarks;

import java.util.Arrays;

/** AdamW (Loshchilov and Hutter, 2019) as the paper writes it, number by number: what the engine's is measured against. */
final class PlainAdamW {
    private static final float RATE = 2e-5f;
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final float[] weights;
    private final float[] gradients;
    private final float[] first;
    private final float[] second;
    private int steps;

    PlainAdamW(int numbers) {
        weights = new float[numbers];
        gradients = new float[numbers];
        first = new float[numbers];
        second = new float[numbers];
        Arrays.fill(gradients, 0.01f);
    }

    /** One update; gives the first weight. */
    float update() {
        steps++;
        float rate = (float) (RATE / (1 - Math.pow(BETA1, steps)));
        float scale = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, steps)));
        for (int i = 0; i < weights.length; i++) {
            float g = gradients[i];
            first[i] = BETA1 * first[i] + (1 - BETA1) * g;
            second[i] = BETA2 * second[i] + (1 - BETA2) * g * g;
            weights[i] -= rate * first[i] / ((float) Math.sqrt(second[i]) * scale + EPSILON);
        }
        return weights[0];
    }
}
