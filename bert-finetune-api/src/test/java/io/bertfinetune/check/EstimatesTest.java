package io.bertfinetune.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bertfinetune.optim.Adafactor;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Sgd;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EstimatesTest {
    private static final List<ParameterInfo> ONE = List.of(new ParameterInfo("weight", List.of(1000, 250)));

    private static RunEstimate with(Optimizer optimizer) {
        return Estimates.of(OptionalLong.of(1000), ONE, optimizer, 8, 16);
    }

    @Test
    void everyBatchIsPaddedToItsLongest() {
        assertThat(Estimates.tokens(OptionalLong.of(100), List.of(3, 5, 4, 10), 2))
                .hasValue((10 + 20) * 100 / 4);
        assertThat(Estimates.tokens(OptionalLong.of(100), List.of(3, 5, 4), 2)).hasValue(467); // 14 / 3 each
        assertThat(Estimates.tokens(OptionalLong.empty(), List.of(3), 2)).isEmpty();
        assertThat(Estimates.tokens(OptionalLong.of(100), List.of(), 2)).isEmpty();
    }

    @Test
    void anOptimizerCountsByWhatItRemembers() {
        assertThat(with(AdamW.defaults()).optimizerBytes()).isEqualTo(2_000_000);
        assertThat(with(new Sgd(0.9, false)).optimizerBytes()).isEqualTo(1_000_000);
        assertThat(with(Sgd.defaults()).optimizerBytes()).isZero();
        assertThat(with(Adafactor.defaults()).optimizerBytes()).isLessThan(20_000);
        assertThat(with(AdamW.defaults()).totalBytes()).isEqualTo(4_000_000);
    }

    @Test
    void activationsGrowWithTheBatchAndMoreThanInProportionWithTheLength() {
        List<ParameterInfo> bert = List.of(
                new ParameterInfo("bert.encoder.layer.0.intermediate.dense.weight", List.of(128, 32)),
                new ParameterInfo("bert.encoder.layer.1.intermediate.dense.weight", List.of(128, 32)));

        long one = Estimates.of(OptionalLong.empty(), bert, AdamW.defaults(), 1, 16)
                .activationBytes();
        long four = Estimates.of(OptionalLong.empty(), bert, AdamW.defaults(), 4, 16)
                .activationBytes();
        long longer = Estimates.of(OptionalLong.empty(), bert, AdamW.defaults(), 1, 64)
                .activationBytes();

        assertThat(four).isEqualTo(4 * one);
        assertThat(longer).isGreaterThan(4 * one);
    }

    @Test
    void anEpochTakesAsLongAsItsTokens() {
        assertThat(with(AdamW.defaults()).epochAt(500)).isEqualTo(Duration.ofSeconds(2));
        RunEstimate unknown = Estimates.of(OptionalLong.empty(), ONE, AdamW.defaults(), 8, 16);
        assertThatIllegalStateException().isThrownBy(() -> unknown.epochAt(500));
    }

    @Test
    void theEstimateIsToldInMegabytes() {
        assertThat(with(AdamW.defaults()))
                .hasToString("an epoch has about 1,000 tokens with padding; training takes about 4 MB: weights 1 MB,"
                        + " gradients 1 MB, optimizer 2 MB; activations not known");
    }
}
