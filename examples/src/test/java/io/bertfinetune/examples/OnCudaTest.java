package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.data.Example;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.ort.capi.CudaCheck;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnCudaTest {
    private static final List<Example<Text, String>> EXAMPLES =
            List.of(Example.of(Text.of("a"), "no"), Example.of(Text.of("b"), "yes"));

    @Test
    void aRunTakesThePrecisionThatTheDeviceHas(@TempDir Path folder) throws Exception {
        assertThat(OnCuda.train(TinyBert.in(folder), EXAMPLES).globalStep()).isEqualTo(3);
    }

    @Test
    void aStepOrTheReasonWhyNot(@TempDir Path folder) throws Exception {
        Path model = TinyBert.in(folder);

        if (CudaCheck.run().isUsable()) {
            assertThat(OnCuda.step(model, EXAMPLES)).isPositive();
        } else {
            assertThatThrownBy(() -> OnCuda.step(model, EXAMPLES))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("CUDA cannot be used: ");
        }
    }
}
