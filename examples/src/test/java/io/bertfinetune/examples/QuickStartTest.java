package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bertfinetune.Bert;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickStartTest {
    @TempDir
    private Path folder;

    private List<String> runOnTinyBert(Path output, String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of(
                "--model", TinyBert.in(folder).toString(),
                "--data", SmallMails.in(folder).toString(),
                "--output", output.toString(),
                "--epochs", "2"));
        args.addAll(List.of(more));
        return Printed.by(() -> QuickStart.main(args.toArray(String[]::new)));
    }

    @Test
    void progressAccuracyPredictionsAndWhereTheModelIsArePrinted() throws Exception {
        Path output = folder.resolve("mail-model");

        List<String> printed = runOnTinyBert(output, "--batch_size", "24");

        assertThat(printed)
                .startsWith("training 4 steps, 2 epochs, batches of 24")
                .anyMatch(line -> line.matches("step 1/4, .* left"))
                .anyMatch(line -> line.matches("step 4/4, epoch 2.00, eval_loss .*, eval_accuracy .*"))
                .anyMatch(line -> line.matches("test accuracy [01]\\.\\d\\d"))
                .anyMatch(line -> line.matches("\\w+ +0\\.\\d\\d  Where is my parcel\\?.*"))
                .contains("saved to " + output)
                .endsWith("to use it: Bert.fromPretrained(Path.of(\"" + output
                        + "\")).load(SequenceClassification.saved()).predict(Text.of(mail)).label()");
    }

    @Test
    void theSavedFolderIsTheNextModel() throws Exception {
        Path output = folder.resolve("mail-model");

        runOnTinyBert(output);

        assertThat(output)
                .isDirectoryContaining("glob:**/config.json")
                .isDirectoryContaining("glob:**/model.safetensors");
        try (var model = Bert.fromPretrained(output).load(SequenceClassification.saved())) {
            assertThat(model.predict(Text.of("Where is it?")).probabilities())
                    .containsOnlyKeys("account", "billing", "damage", "delivery", "product", "returns");
        }
    }

    @Test
    void anOutputThatCannotBeMadeIsRefusedBeforeTraining() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> runOnTinyBert(file))
                .withMessageStartingWith("the output folder " + file);
    }

    @Test
    @Tag("long")
    void miniLmLearnsToSortMails() throws Exception {
        Path output = folder.resolve("mail-model");

        List<String> printed = Printed.by(() -> QuickStart.main("--output", output.toString()));

        assertThat(printed)
                .filteredOn(line -> line.startsWith("test accuracy "))
                .singleElement()
                .satisfies(line -> assertThat(Double.parseDouble(line.substring("test accuracy ".length())))
                        .isGreaterThanOrEqualTo(0.85));
        assertThat(printed).anyMatch(line -> line.startsWith("delivery") && line.contains("Where is my parcel?"));
        assertThat(output).isDirectoryContaining("glob:**/model.safetensors");
    }
}
