package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Example;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.ort.capi.CApiEngine;
import io.bertfinetune.ort.capi.NativeBuild;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.lowering.CudaLowering;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.spi.Backend;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Gradients by ONNX Runtime's fused kernels for training, on the processor, are PyTorch's. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class FusedParityTest {
    @Test
    void everyGradientEqualsPyTorch() {
        Engine engine = CApiEngine.cpu(NativeBuild.BYTEDECO, CudaLowering.fusedIn(Precision.FLOAT32), 2);
        try (Golden golden = Golden.open("golden/tiny_bert/parity.safetensors");
                Model<Text, String, Classification> model = load(engine);
                TrainingSession<Example<Text, String>> session =
                        model.startTraining(SessionOptions.of(AdamW.defaults()))) {
            session.forwardBackward(golden.batch(""));

            double all = Math.sqrt(model.parameters().stream()
                    .mapToDouble(p -> Math.pow(Norms.norm(golden.floats("grad." + p.name())), 2))
                    .sum());
            for (ParameterInfo parameter : model.parameters()) {
                float[] expected = golden.floats("grad." + parameter.name());
                float[] found = ((OrtTrainingSession<?>) session).gradient(parameter.name());
                assertThat(Norms.distance(found, expected))
                        .as(parameter.name())
                        .isLessThanOrEqualTo(1e-4 * Norms.norm(expected) + 1e-7 * all);
            }
        }
    }

    private static Model<Text, String, Classification> load(Engine engine) {
        return new ModelLoader(engine)
                .load(
                        new Backend.Source(
                                Golden.path("golden/tiny_bert"), Device.auto(), OptionalInt.empty(), Optional.empty()),
                        SequenceClassification.saved());
    }
}
