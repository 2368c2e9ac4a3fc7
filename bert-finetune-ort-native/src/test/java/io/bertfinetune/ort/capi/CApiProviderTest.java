package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineProvider;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class CApiProviderTest {
    private final Optional<String> before = Optional.ofNullable(System.getProperty(Natives.PROPERTY));

    @BeforeEach
    void chooseNothing() {
        System.clearProperty(Natives.PROPERTY);
    }

    @AfterEach
    void restore() {
        before.ifPresent(word -> System.setProperty(Natives.PROPERTY, word));
    }

    @Test
    void isFound() {
        assertThat(EngineProvider.all()).hasExactlyElementsOfTypes(CApiProvider.class);
    }

    @Test
    void takesTheProcessorWhereOneDnnIsThere() {
        Optional<Engine> engine = new CApiProvider().open(Device.cpu());

        assertThat(engine.isPresent()).isEqualTo(OneDnn.isInstalled());
        engine.ifPresent(opened -> {
            assertThat(opened.missingFor(Precision.BFLOAT16).isEmpty())
                    .isEqualTo(OneDnn.missing().isEmpty());
            opened.close();
        });
    }

    @Test
    void takesTheProcessorWhereABuildWasChosen() {
        System.setProperty(Natives.PROPERTY, "bytedeco");
        try (Engine engine = new CApiProvider().open(Device.cpu()).orElseThrow()) {
            assertThat(engine.name()).contains("(bytedeco)");
        } finally {
            System.clearProperty(Natives.PROPERTY);
        }
    }

    @Test
    void theProcessorHasBfloat16WhereNothingIsMissing() {
        assertThat(Device.cpu().supports(Precision.FLOAT32)).isTrue();
        assertThat(Device.cpu().supports(Precision.BFLOAT16))
                .isEqualTo(OneDnn.missing().isEmpty());
        assertThat(Device.cpu().missingFor(Precision.BFLOAT16))
                .isEqualTo(OneDnn.missing().map(missing -> "BFLOAT16 on cpu: " + missing));
        assertThat(Device.cpu().missingFor(Precision.FLOAT16))
                .contains("FLOAT16 on cpu: " + EngineProvider.NOT_ON_PROCESSOR);
    }

    @Test
    void saysWhatCudaLacksForAPrecisionToo() {
        CudaFinding found = CudaCheck.run();

        assertThat(Device.cuda(0).supports(Precision.BFLOAT16))
                .isEqualTo(found.missingFor(0, Precision.BFLOAT16).isEmpty());
        assertThat(Device.cuda(0).missingFor(Precision.BFLOAT16))
                .isEqualTo(found.missingFor(0, Precision.BFLOAT16).map(missing -> "BFLOAT16 on cuda:0: " + missing));
    }

    @Test
    void knowsWhatIsInstalledBeforeItIsOpened() {
        CApiProvider provider = new CApiProvider();

        assertThat(provider.isInstalledFor(Device.Kind.CPU)).isTrue();
        assertThat(provider.isInstalledFor(Device.Kind.CUDA))
                .isEqualTo(CudaCheck.run().natives().isPresent());
    }

    @Test
    void aDeviceIsDecidedBefore() {
        assertThatThrownBy(() -> new CApiProvider().missingFor(Device.auto(), Precision.FLOAT32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("device auto");
    }

    @Test
    void saysWhatCudaLacks() {
        assertThatThrownBy(() -> new CApiProvider().open(Device.cuda(0)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("com.microsoft.onnxruntime:onnxruntime_gpu");
    }
}
