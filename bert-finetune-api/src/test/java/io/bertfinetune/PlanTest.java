package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
    @ParameterizedTest
    @CsvSource({
        // batches, accumulation, epochs, max steps; steps, epochs begun
        "241, 1, 4, -1, 964, 4", // the tutorial's CoLA run
        "241, 2, 4, -1, 484, 4", // the last group of an epoch is smaller
        "5, 8, 3, -1, 3, 3", // fewer batches than a group
        "10, 1, 1.25, -1, 13, 2",
        "10, 1, 0.05, -1, 1, 1",
        "10, 1, 3, 25, 25, 3",
        "10, 1, 3, 30, 30, 3",
        "10, 4, 3, 7, 7, 3",
    })
    void aRunIsAsLongAsHuggingFaces(
            int batches, int accumulation, double epochs, long maxSteps, long steps, int epochsBegun) {
        TrainingArguments args = TrainingArguments.builder()
                .gradientAccumulationSteps(accumulation)
                .numTrainEpochs(epochs)
                .maxSteps(maxSteps)
                .build();

        assertThat(Plan.of(args, batches)).isEqualTo(new Plan(OptionalInt.of(batches), steps, epochsBegun));
    }

    @Test
    void withoutASizeOnlyStepsCount() {
        TrainingArguments args = TrainingArguments.builder().maxSteps(10).build();

        assertThat(Plan.ofSteps(args)).isEqualTo(new Plan(OptionalInt.empty(), 10, Integer.MAX_VALUE));
    }
}
