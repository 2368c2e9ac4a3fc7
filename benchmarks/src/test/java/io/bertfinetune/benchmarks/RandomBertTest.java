package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.Bert;
import io.bertfinetune.task.SequenceClassification;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomBertTest {
    @Test
    void theFolderIsAModelOfTheseParameters(@TempDir Path folder) throws Exception {
        RandomBert.write(BertSize.TINY, 1, folder);

        try (var model = Bert.fromPretrained(folder).load(SequenceClassification.of("0", "1"))) {
            List<String> names = model.parameters().stream()
                    .map(parameter -> parameter.name())
                    .sorted()
                    .toList();
            assertThat(names)
                    .containsExactlyElementsOf(BertSize.TINY.parameters().keySet());
        }
    }

    @Test
    void sizesAreThoseOfThePretrainedModels() {
        // transformers: BertForSequenceClassification(config).num_parameters()
        assertThat(numbers(BertSize.MINILM)).isEqualTo(22_713_986);
        assertThat(numbers(BertSize.BASE)).isEqualTo(109_483_778);
    }

    private static long numbers(BertSize size) {
        return size.parameters().values().stream()
                .mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact))
                .sum();
    }
}
