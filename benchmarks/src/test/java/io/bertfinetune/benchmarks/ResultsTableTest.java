package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.benchmarks.Results.Sample;
import io.bertfinetune.benchmarks.Results.SideResults;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultsTableTest {
    private static final Figure TIME = Figure.less("ms", "step, ms");
    private static final Figure RATE = Figure.more("rate", "tokens/s");
    private static final List<Sample> OWN = List.of(sample(500, 10, 0), sample(400, 20, 0.01), sample(1000, 10, 0.3));

    private static final Results RESULTS = results(
            side(OwnSide.NAME, OWN),
            side("PyTorch SDPA", List.of(sample(600, 5, 0), sample(800, 20, 0), sample(800, 10, 0))),
            SideResults.notRun("PyTorch eager", "no --python was given"));

    @Test
    void theRatioOfTimesIsTheMedianOfTheRoundsRatios() {
        String table = ResultsTable.of(RESULTS);

        assertThat(table)
                .contains("| step, ms, median | 500 | 800 | not run |")
                .contains("| ratio, median of rounds | ×1.00 | ×1.20 | not run |")
                .contains("| ratio, least – greatest | ×1.00 – ×1.00 | ×0.80 – ×2.00 | not run |");
    }

    @Test
    void ofRatesTheHigherIsTheBetter() {
        List<Double> ratios = RESULTS.sides().get(1).ratios(RATE);

        assertThat(ratios).containsExactly(2.0, 1.0, 1.0);
    }

    @Test
    void disturbedSamplesAreKeptAndCounted() {
        String table = ResultsTable.of(RESULTS);

        assertThat(table)
                .contains("| ratio, median of undisturbed rounds | ×1.00 (n=2) | ×1.60 (n=2) | not run |")
                .contains("| disturbed samples | 1 of 3 | 0 of 3 | not run |");
    }

    @Test
    void aSideThatDidNotRunSaysWhy() {
        assertThat(ResultsTable.of(RESULTS)).contains("- PyTorch eager: not run; no --python was given");
    }

    @Test
    void withoutTheLibraryPeersHaveNoRatio() {
        SideResults alone = new SideResults(
                "PyTorch SDPA", Optional.empty(), Map.of(), Map.of(), List.of(sample(600, 5, 0)), List.of());

        String table = ResultsTable.of(results(SideResults.notRun(OwnSide.NAME, "no natives"), alone));

        assertThat(table).contains("| step, ms | not run | 600 |").contains("| ratio | not run | – |");
    }

    @Test
    void jsonHasEverySampleAndNullForWhatIsNotKnown() {
        JsonObject json =
                JsonParser.parseString(ResultsJson.of(List.of(RESULTS))).getAsJsonObject();

        var sides = json.getAsJsonArray("comparisons").get(0).getAsJsonObject().getAsJsonArray("sides");
        JsonObject peer = sides.get(1).getAsJsonObject();
        JsonObject notRun = sides.get(2).getAsJsonObject();
        assertThat(peer.getAsJsonArray("samples")).hasSize(3);
        assertThat(peer.getAsJsonObject("figures")
                        .getAsJsonObject("ms")
                        .getAsJsonObject("ratio")
                        .get("median")
                        .getAsDouble())
                .isEqualTo(1.2);
        assertThat(peer.get("not_run").isJsonNull()).isTrue();
        assertThat(notRun.get("ran").getAsBoolean()).isFalse();
        assertThat(notRun.get("not_run").getAsString()).isEqualTo("no --python was given");
    }

    private static Results results(SideResults... sides) {
        return new Results(
                "compare step",
                "One training step",
                "Measured.",
                Map.of(),
                List.of(TIME, RATE),
                new Machine("a processor", 2, List.of("avx2"), List.of("amx_bf16"), "Linux amd64"),
                List.of(sides));
    }

    private static SideResults side(String name, List<Sample> samples) {
        return new SideResults(name, Optional.empty(), Map.of("java", "17"), Map.of(), samples, OWN);
    }

    private static Sample sample(double ms, double rate, double others) {
        return new Sample(Map.of("ms", ms, "rate", rate), OptionalDouble.of(others));
    }
}
