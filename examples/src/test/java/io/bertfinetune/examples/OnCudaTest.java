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
    @Test
    void aStepOrTheReasonWhyNot(@TempDir Path folder) throws Exception {
        Path model = TinyBert.in(folder);
        List<Example<Text, String>> examples = List.of(Example.of(Text.of("a"), "no"), Example.of(Text.of("b"), "yes"));

        if (CudaCheck.run().isUsable()) {
            assertThat(OnCuda.step(model, examples)).isPositive();
        } else {
            assertThatThrownBy(() -> OnCuda.step(model, examples))
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith("CUDA cannot be used: ");
        }
    }
}
