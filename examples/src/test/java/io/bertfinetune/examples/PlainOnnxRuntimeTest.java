package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.Bert;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainOnnxRuntimeTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"Where is my parcel?", "The mug arrived in pieces.", "Does it come in black?"})
    void itSaysWhatTheModelSays(String text) throws Exception {
        Path saved = folder.resolve("mail-model");
        String said;
        try (var model = Bert.fromPretrained(TinyBert.in(folder)).load(SequenceClassification.of("a", "b", "c"))) {
            model.save(saved);
            said = model.predict(Text.of(text)).label();
        }

        List<String> printed = Printed.by(() -> PlainOnnxRuntime.main("--model", saved.toString(), "--text", text));

        assertThat(printed).containsExactly(said);
    }
}
