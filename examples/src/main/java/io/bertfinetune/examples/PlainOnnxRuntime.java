package io.bertfinetune.examples;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A saved model in a program that knows nothing of this library: ONNX Runtime runs {@code model.onnx}, the Hugging Face
 * tokenizers read {@code tokenizer.json}, and {@code config.json} has the labels.
 */
public final class PlainOnnxRuntime {
    private static final List<Flag> FLAGS = List.of(
            Flag.of("model", "mail-model", "The folder of a trained model, such as the quick start saves"),
            Flag.of("text", "Where is my parcel?", "The text to classify"));

    private PlainOnnxRuntime() {}

    /**
     * Runs the example.
     *
     * @param args flags, see {@code --help}
     * @throws IOException if a file of the model cannot be read
     * @throws OrtException if ONNX Runtime refuses the model
     */
    public static void main(String... args) throws IOException, OrtException {
        Flags flags = Flags.parse(FLAGS, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(FLAGS));
            return;
        }
        Path folder = flags.path("model");
        System.setProperty("OPT_OUT_TRACKING", "true"); // or the tokenizers ask the network where they run
        // #region serve
        JsonObject labels = JsonParser.parseString(Files.readString(folder.resolve("config.json")))
                .getAsJsonObject()
                .getAsJsonObject("id2label");
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (var tokenizer = HuggingFaceTokenizer.newInstance(
                        folder.resolve("tokenizer.json"), Map.of("truncation", "true", "maxLength", "64"));
                var session =
                        environment.createSession(folder.resolve("model.onnx").toString())) {
            float[] logits = logits(environment, session, tokenizer.encode(flags.text("text")));
            System.out.println(labels.get(Integer.toString(largest(logits))).getAsString());
        }
        // #endregion serve
    }

    // #region logits
    private static float[] logits(OrtEnvironment environment, OrtSession session, Encoding text) throws OrtException {
        try (var ids = OnnxTensor.createTensor(environment, new long[][] {text.getIds()});
                var mask = OnnxTensor.createTensor(environment, new long[][] {text.getAttentionMask()});
                var types = OnnxTensor.createTensor(environment, new long[][] {text.getTypeIds()});
                var result = session.run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
            return ((float[][]) result.get(0).getValue())[0];
        }
    }
    // #endregion logits

    private static int largest(float[] numbers) {
        int best = 0;
        for (int i = 1; i < numbers.length; i++) {
            if (numbers[i] > numbers[best]) {
                best = i;
            }
        }
        return best;
    }
}
