package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.benchmarks.StepResults.Sample;
import io.bertfinetune.benchmarks.StepResults.SideResults;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class StepTableTest {
    private static final StepResults RESULTS = new StepResults(
            StepWork.of(BertSize.MINILM, 16, 128, 2, 1),
            3,
            new Machine("a processor", 2, List.of("avx2"), List.of("amx_bf16"), "Linux amd64"),
            List.of(
                    side(OwnSide.NAME, sample(500, 0), sample(400, 0.01), sample(1000, 0.3)),
                    side("PyTorch SDPA", sample(600, 0), sample(800, 0), sample(800, 0)),
                    SideResults.notRun("PyTorch eager")));

    @Test
    void theRatioIsTheMedianOfTheRoundsRatios() {
        String table = StepTable.of(RESULTS);

        assertThat(table)
                .contains("| median, ms | 500 | 800 | not run |")
                .contains("| ratio to bert-finetune, median of rounds | ×1.00 | ×1.20 | not run |")
                .contains("| ratio, least – greatest | ×1.00 – ×1.00 | ×0.80 – ×2.00 | not run |");
    }

    @Test
    void disturbedStepsAreKeptAndMarked() {
        String table = StepTable.of(RESULTS);

        assertThat(table)
                .contains("| 3 | 1000\\* | 800 | ×0.80 |")
                .contains("| ratio, median of undisturbed rounds | ×1.00 (n=2) | ×1.60 (n=2) | not run |")
                .contains("| disturbed steps | 1 of 3 | 0 of 3 | not run |");
    }

    @Test
    void jsonHasEverySampleAndNullForWhatIsNotKnown() {
        JsonObject json = JsonParser.parseString(StepJson.of(RESULTS)).getAsJsonObject();

        JsonObject peer = json.getAsJsonArray("sides").get(1).getAsJsonObject();
        JsonObject notRun = json.getAsJsonArray("sides").get(2).getAsJsonObject();
        assertThat(peer.getAsJsonArray("samples")).hasSize(3);
        assertThat(peer.getAsJsonObject("ratio").get("median").getAsDouble()).isEqualTo(1.2);
        assertThat(notRun.get("ran").getAsBoolean()).isFalse();
        assertThat(notRun.get("first_loss").isJsonNull()).isTrue();
        assertThat(json.getAsJsonObject("work").get("max_grad_norm").getAsDouble())
                .isEqualTo(1);
    }

    private static SideResults side(String name, Sample... samples) {
        return new SideResults(name, OptionalDouble.of(0.7), Map.of("java", "17"), List.of(samples));
    }

    private static Sample sample(double ms, double others) {
        return new Sample(ms, 2 * ms, 0.7, OptionalDouble.of(others));
    }
}
