package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Sampler} keeps to. Extend it to test one of your own. */
public abstract class SamplerContract {
    /**
     * The sampler under test.
     *
     * @return the sampler
     */
    protected abstract Sampler sampler();

    @Test
    void theSameEpochHasTheSameOrder() {
        Sampler.Epoch epoch = Sampler.Epoch.of(3, 42, 100);

        assertThat(sampler().order(epoch)).isEqualTo(sampler().order(epoch)).isNotEmpty();
    }

    @Test
    void numbersAreThoseOfExamples() {
        assertThat(IntStream.of(sampler().order(Sampler.Epoch.of(0, 42, 100))))
                .allSatisfy(index -> assertThat(index).isBetween(0, 99));
    }

    @Test
    void everyEpochIsEquallyLong() {
        int length = sampler().order(Sampler.Epoch.of(0, 42, 100)).length;

        for (int number = 1; number < 5; number++) {
            assertThat(sampler().order(Sampler.Epoch.of(number, 42, 100))).hasSize(length);
        }
    }
}
