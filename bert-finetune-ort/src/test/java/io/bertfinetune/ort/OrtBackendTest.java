package io.bertfinetune.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.EngineProvider;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtBackendTest {
    @Test
    void cudaAsksForTheModuleThatHasIt() {
        Bert bert = Bert.fromPretrained(tinyBert()).device(Device.cuda(0));

        assertThatThrownBy(() -> bert.load(SequenceClassification.saved()))
                .isInstanceOf(EngineException.class)
                .hasMessage("device cuda:0: no engine for CUDA is on the class path; add the dependency"
                        + " io.bertfinetune:bert-finetune-ort-native and ONNX Runtime's build for GPUs,"
                        + " com.microsoft.onnxruntime:onnxruntime_gpu");
    }

    @Test
    void autoIsTheProcessorWhereNothingElseIs() {
        try (Model<Text, String, Classification> model =
                Bert.fromPretrained(tinyBert()).device(Device.auto()).load(SequenceClassification.saved())) {
            assertThat(model.device()).isEqualTo(Device.cpu());
        }
    }

    @Test
    void autoLeavesAloneWhatIsNotInstalled(@TempDir Path services) throws IOException {
        Provider.installed = false;
        Provider.opened = 0;

        assertThat(deviceOfAuto(services)).isEqualTo(Device.cpu());
        assertThat(Provider.opened).isZero();
    }

    @Test
    void autoIsTheProcessorWhereWhatIsInstalledDoesNotWork(@TempDir Path services) throws IOException {
        Provider.installed = true;
        Provider.opened = 0;

        assertThat(deviceOfAuto(services)).isEqualTo(Device.cpu());
        assertThat(Provider.opened).isEqualTo(1);
    }

    @Test
    void theProcessorHasFloat32AndSaysWhoHasMore() {
        assertThat(Device.cpu().supports(Precision.FLOAT32)).isTrue();
        assertThat(Device.auto().supports(Precision.FLOAT32)).isTrue();
        for (Precision precision : EnumSet.complementOf(EnumSet.of(Precision.FLOAT32))) {
            assertThat(Device.cpu().supports(precision)).isFalse();
            String missing = precision == Precision.BFLOAT16
                    ? "no engine with products of bfloat16 is on the class path; add the dependencies"
                            + " io.bertfinetune:bert-finetune-ort-native and org.bytedeco:dnnl:3.11-1.5.13,"
                            + " classifier linux-x86_64, on a processor with avx512_bf16 or AMX; or train in FLOAT32"
                    : "the processor computes products in FLOAT32, or BFLOAT16; open the model on an NVIDIA GPU,"
                            + " Bert.device(Device.cuda(0)), or train in FLOAT32";
            assertThat(Device.cpu().missingFor(precision)).contains(precision + " on cpu: " + missing);
            assertThat(Device.auto().missingFor(precision))
                    .isEqualTo(Device.cpu().missingFor(precision));
        }
    }

    @Test
    void withoutTheModuleCudaHasNoPrecision() {
        assertThat(Device.cuda(1).supports(Precision.FLOAT32)).isFalse();
        assertThat(Device.cuda(1).missingFor(Precision.BFLOAT16))
                .hasValueSatisfying(missing -> assertThat(missing)
                        .startsWith("BFLOAT16 on cuda:1: no engine for CUDA is on the class path; add the dependency"));
    }

    @Test
    void aTrainerIsNotBuiltForAPrecisionThatItsModelCannotBeTrainedIn() {
        try (Model<Text, String, Classification> model =
                Bert.fromPretrained(tinyBert()).device(Device.cpu()).load(SequenceClassification.saved())) {
            var builder = Trainer.builder().model(model).bf16(true);

            assertThatThrownBy(builder::build)
                    .isInstanceOf(EngineException.class)
                    .hasMessageStartingWith(
                            "bf16(true): BFLOAT16 on cpu: no engine with products of bfloat16 is on the class path");
        }
    }

    @Test
    void nothingProvidesEnginesByItself() {
        assertThat(EngineProvider.all()).isEmpty();
    }

    /** The device that auto chooses where {@link Provider} is on the class path. */
    private static Device deviceOfAuto(Path services) throws IOException {
        Path entry = services.resolve("META-INF/services/" + EngineProvider.class.getName());
        Files.createDirectories(services.resolve("META-INF/services"));
        Files.writeString(entry, Provider.class.getName());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[] {services.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            try (Model<Text, String, Classification> model =
                    Bert.fromPretrained(tinyBert()).device(Device.auto()).load(SequenceClassification.saved())) {
                return model.device();
            }
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A provider of CUDA that never works. */
    public static final class Provider implements EngineProvider {
        private static boolean installed;
        private static int opened;

        @Override
        public Optional<Engine> open(Device device) {
            if (device.kind() != Device.Kind.CUDA) {
                return Optional.empty();
            }
            opened++;
            throw new EngineException("CUDA cannot be used: this is a test");
        }

        @Override
        public boolean isInstalledFor(Device.Kind kind) {
            return installed && kind == Device.Kind.CUDA;
        }

        @Override
        public Optional<String> missingFor(Device device, Precision precision) {
            return Optional.of("everything");
        }
    }

    private static Path tinyBert() {
        try {
            return Path.of(OrtBackendTest.class.getResource("/golden/tiny_bert").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
