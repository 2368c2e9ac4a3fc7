package io.bertfinetune.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.Bert;
import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.ort.engine.EngineProvider;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
    void nothingProvidesEnginesByItself() {
        assertThat(EngineProvider.all()).isEmpty();
    }

    private static Path tinyBert() {
        try {
            return Path.of(OrtBackendTest.class.getResource("/golden/tiny_bert").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
