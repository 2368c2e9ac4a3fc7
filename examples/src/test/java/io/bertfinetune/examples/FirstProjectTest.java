package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstProjectTest {
    @TempDir
    private Path folder;

    @Test
    void trainsPredictsAndSaves() throws Exception {
        Path mails = Files.copy(SmallMails.in(folder).resolve("train.csv"), folder.resolve("mails.csv"));
        Path saved = folder.resolve("mail-model");

        List<String> printed = Printed.by(() -> FirstProject.main(
                new String[] {mails.toString(), TinyBert.in(folder).toString(), saved.toString()}));

        assertThat(printed)
                .hasSize(2)
                .first()
                .asString()
                .startsWith("eval_loss=")
                .contains("eval_accuracy=");
        assertThat(saved.resolve("model.safetensors")).isRegularFile();
    }
}
