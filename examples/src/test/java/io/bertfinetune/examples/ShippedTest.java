package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Row;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedTest {
    private static final List<String> DESKS = List.of("account", "billing", "damage", "delivery", "product", "returns");

    private static IndexedDataset<Row> mails(String file) {
        return Dataset.csv(Shipped.mails().resolve(file));
    }

    @ParameterizedTest
    @CsvSource({"train.csv, 175", "validation.csv, 25", "test.csv, 40"})
    void everyDeskHasAsManyMails(String file, long perDesk) {
        Map<String, Long> counts =
                mails(file).stream().collect(Collectors.groupingBy(row -> row.get("label"), Collectors.counting()));

        assertThat(counts).isEqualTo(DESKS.stream().collect(Collectors.toMap(Function.identity(), desk -> perDesk)));
    }

    @Test
    void noMailComesTwice() {
        List<String> all = Stream.of("train.csv", "validation.csv", "test.csv")
                .flatMap(file -> mails(file).stream())
                .map(row -> row.get("text").toLowerCase(Locale.ROOT).strip())
                .toList();

        Set<String> seen = new HashSet<>();
        assertThat(all).hasSize(1440).filteredOn(text -> !seen.add(text)).isEmpty();
    }

    @Test
    void noMailIsEmptyOrHasALineBreak() {
        assertThat(mails("train.csv").stream().map(row -> row.get("text")))
                .allSatisfy(text -> assertThat(text).isNotBlank().doesNotContain("\n", "\r"));
    }

    @Test
    void miniLmLiesBesideTheClasses() {
        assertThat(Shipped.miniLm()).exists().hasFileName("all-minilm-l6-v2.jar");
        assertThat(Files.isDirectory(Shipped.mails())).isTrue();
    }
}
