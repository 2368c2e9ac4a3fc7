package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.model.Precision;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CudaOptionsTest {
    @Test
    void productsOfFloatsAreWholeUnlessAskedFor() {
        assertThat(CudaOptions.of(1).forProvider())
                .isEqualTo(Map.of("device_id", "1", "use_tf32", "0", "arena_extend_strategy", "kSameAsRequested"));
    }

    @Test
    void tensorFloat32IsOfTheSessionThatAsksForItOrOfAll() {
        CudaOptions whole = CudaOptions.of(1);
        CudaOptions short10 = new CudaOptions(1, true, OptionalLong.empty());

        assertThat(Stream.of(Precision.values()).filter(each -> whole.in(each).tf32()))
                .containsExactly(Precision.TENSOR_FLOAT32);
        assertThat(Precision.values()).allMatch(each -> short10.in(each).tf32());
    }

    @Test
    void optionsAreOnnxRuntimes() {
        assertThat(new CudaOptions(0, true, OptionalLong.of(1L << 32)).forProvider())
                .containsEntry("use_tf32", "1")
                .containsEntry("gpu_mem_limit", "4294967296");
    }

    @Test
    void impossibleOptionsAreRefused() {
        assertThatThrownBy(() -> CudaOptions.of(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deviceId is -1");
        assertThatThrownBy(() -> new CudaOptions(0, true, OptionalLong.of(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memoryLimit is 0");
    }
}
