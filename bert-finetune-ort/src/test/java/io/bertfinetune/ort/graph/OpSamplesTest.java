package io.bertfinetune.ort.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpSamplesTest {
    @ParameterizedTest
    @EnumSource(Op.class)
    void everyOperatorHasSamplesOfItself(Op op) {
        List<OpSample> samples = OpSamples.samplesOf(op);

        assertThat(samples).isNotEmpty().allMatch(sample -> sample.node().op() == op);
        assertThat(samples).extracting(OpSample::name).doesNotHaveDuplicates();
        assertThat(samples)
                .allSatisfy(sample -> assertThat(sample.node().inputs()).containsAll(sample.differentiable()));
    }
}
