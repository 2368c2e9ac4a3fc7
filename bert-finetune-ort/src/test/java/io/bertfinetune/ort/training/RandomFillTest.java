package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class RandomFillTest {
    private static final int SIZE = 200_003;

    @Test
    void aMaskHoldsZeroWithTheProbabilityAskedForAndKeepsTheMean() {
        float[] mask = mask(7, 0.1, SIZE, 1);

        double zeros = 0;
        double sum = 0;
        for (float m : mask) {
            zeros += m == 0 ? 1 : 0;
            sum += m;
            assertThat(m == 0 || Math.abs(m - 1 / 0.9) < 1e-4).isTrue();
        }
        assertThat(zeros / SIZE).isCloseTo(0.1, within(0.003)); // four standard deviations
        assertThat(sum / SIZE).isCloseTo(1, within(0.004));
    }

    @Test
    void howTheWorkIsCutDoesNotChangeTheMask() {
        assertThat(mask(7, 0.3, SIZE, 5)).isEqualTo(mask(7, 0.3, SIZE, 1));
    }

    @Test
    void stepAndSiteAndSeedChangeTheMask() {
        float[] mask = fill(new Philox(7), 0, 0, 0.5, 10_000, 1);

        assertThat(fill(new Philox(7), 1, 0, 0.5, 10_000, 1)).isNotEqualTo(mask);
        assertThat(fill(new Philox(7), 0, 1, 0.5, 10_000, 1)).isNotEqualTo(mask);
        assertThat(fill(new Philox(8), 0, 0, 0.5, 10_000, 1)).isNotEqualTo(mask);
    }

    @Test
    void neighboursAreIndependent() {
        float[] mask = mask(7, 0.5, SIZE, 1);

        int both = 0;
        for (int i = 1; i < SIZE; i++) {
            both += mask[i] == 0 && mask[i - 1] == 0 ? 1 : 0;
        }
        assertThat((double) both / SIZE).isCloseTo(0.25, within(0.005));
    }

    @Test
    void normalNumbersHaveTheMeanAndDeviationAskedFor() {
        float[] numbers = new float[SIZE];

        RandomFill.normal(new Philox(3), 4, 0.02, FloatBuffer.wrap(numbers));

        double sum = 0;
        double squares = 0;
        for (float x : numbers) {
            sum += x;
            squares += (double) x * x;
        }
        assertThat(sum / SIZE).isCloseTo(0, within(0.0002));
        assertThat(Math.sqrt(squares / SIZE)).isCloseTo(0.02, within(0.0002));
    }

    @Test
    void bitsAreTheSameDecisions() {
        int size = 5_003;
        float[] numbers = fill(new Philox(3), 7, 2, 0.1, size, 1);
        ByteBuffer bits = ByteBuffer.allocate(Math.toIntExact(RandomFill.packedSize(size)));

        int groups = RandomFill.groups(size);
        for (int group = 0; group < groups; group++) {
            RandomFill.packedDropout(new Philox(3), 7, 2, 0.1, bits, group, group + 1);
        }

        for (int i = 0; i < size; i++) {
            assertThat(bits.get(i / 8) >> i % 8 & 1).as("number %s", i).isEqualTo(numbers[i] == 0 ? 0 : 1);
        }
    }

    private static float[] mask(long seed, double p, int size, int pieces) {
        return fill(new Philox(seed), 0, 0, p, size, pieces);
    }

    private static float[] fill(Philox random, long step, int site, double p, int size, int pieces) {
        ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.nativeOrder());
        int groups = RandomFill.groups(size);
        for (int i = 0; i < pieces; i++) {
            RandomFill.dropout(random, step, site, p, bytes, groups * i / pieces, groups * (i + 1) / pieces);
        }
        float[] mask = new float[size];
        bytes.asFloatBuffer().get(mask);
        return mask;
    }
}
