package io.bertfinetune.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.metric.Metrics;
import io.bertfinetune.page.RunRecord.News;
import io.bertfinetune.page.RunRecord.Seen;
import io.bertfinetune.page.Status.Phase;
import io.bertfinetune.training.TrainerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RunRecordTest {
    private final AtomicLong nanos = new AtomicLong();
    private final RunRecord record = new RunRecord(nanos::get);

    private static TrainerState at(long step) {
        return TrainerState.builder()
                .maxSteps(100)
                .globalStep(step)
                .examplesSeen(8 * step)
                .build();
    }

    private static Metrics loss(long step, double loss) {
        return Metrics.of("loss", loss).with("epoch", step / 10.0).with("step", (double) step);
    }

    private static Metrics evaluation(double loss) {
        return Metrics.of("eval_loss", loss).with("eval_runtime", 2).with("epoch", 1);
    }

    private void log(long step, double loss) {
        record.logged(at(step), loss(step, loss));
    }

    private void seconds(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void aReaderIsToldOnlyWhatIsNewToIt() {
        record.begin(at(0));
        log(1, 0.9);
        News first = record.since(Seen.NOTHING);
        log(2, 0.8);
        record.evaluated(at(2), evaluation(0.7), new Judging(0));

        News second = record.since(first.seen());

        assertThat(second.pointsFrom()).isEqualTo(1);
        assertThat(second.points()).extracting(Entry::step).containsExactly(2L);
        assertThat(second.evaluations()).containsExactly(new Entry(2, 1, Map.of("loss", 0.7)));
        assertThat(second.judgements()).isEmpty();
        assertThat(record.hasNews(second.seen())).isFalse();
    }

    @Test
    void manyPointsAreAveragedInPairsAndToldAnew() {
        record.begin(at(0));
        Seen seen = Seen.NOTHING;
        List<Entry> reader = new ArrayList<>();
        int all = 5 * RunRecord.POINTS;
        for (int step = 1; step <= all; step++) {
            log(step, step % 2 == 0 ? 1 : 3);
            if (step % 37 == 0 || step == all) {
                News news = record.since(seen);
                reader.subList(news.pointsFrom(), reader.size()).clear();
                reader.addAll(news.points());
                seen = news.seen();
            }
        }

        List<Entry> whole = record.since(Seen.NOTHING).points();
        assertThat(reader).isEqualTo(whole).hasSizeBetween(RunRecord.POINTS, 2 * RunRecord.POINTS);
        assertThat(whole).extracting(Entry::step).isSorted().endsWith((long) all);
        assertThat(whole.subList(0, 100))
                .allSatisfy(entry -> assertThat(entry.numbers()).containsEntry("loss", 2.0));
    }

    @Test
    void thePaceAndTheTimeLeftAreThoseOfTheRun() {
        record.begin(at(20));
        seconds(5);
        log(30, 0.5);
        seconds(15);
        record.step(at(40));

        Status status = record.since(Seen.NOTHING).status();

        assertThat(status.seconds()).isEqualTo(20);
        assertThat(status.samplesPerSecond()).hasValue(8 * 20 / 20.0);
        assertThat(status.secondsLeft()).hasValue(60);
        assertThat(record.since(Seen.NOTHING).points().get(0).numbers()).containsEntry("samples_per_second", 16.0);
    }

    @Test
    void thePaceInTokensIsThereIfTheRunCountsThem() {
        record.begin(at(20).toBuilder().numInputTokensSeen(1_000).build());
        seconds(5);
        record.logged(at(30).toBuilder().numInputTokensSeen(1_500).build(), loss(30, 0.5));
        seconds(15);
        record.step(at(40).toBuilder().numInputTokensSeen(2_000).build());

        assertThat(record.since(Seen.NOTHING).status().tokensPerSecond()).hasValue(50);
        assertThat(record.since(Seen.NOTHING).points().get(0).numbers()).containsEntry("tokens_per_second", 100.0);
    }

    @Test
    void withoutACountThereIsNoPaceInTokens() {
        record.begin(at(0));
        seconds(5);
        log(10, 0.5);

        assertThat(record.since(Seen.NOTHING).status().tokensPerSecond()).isEmpty();
        assertThat(record.since(Seen.NOTHING).points().get(0).numbers()).doesNotContainKey("tokens_per_second");
    }

    @Test
    void aResumedRunShowsWhatItHadLogged() {
        Metrics evaluated = evaluation(0.4).with("step", 10.0);
        record.begin(at(10).toBuilder().log(loss(5, 0.6)).log(evaluated).build());

        News news = record.since(Seen.NOTHING);

        assertThat(news.points()).containsExactly(new Entry(5, 0.5, Map.of("loss", 0.6)));
        assertThat(news.evaluations()).containsExactly(new Entry(10, 1, Map.of("loss", 0.4)));
    }

    @Test
    void anotherRunTakesThePlaceOfTheFirst() {
        record.begin(at(0));
        log(1, 0.9);
        Seen seen = record.since(Seen.NOTHING).seen();
        record.begin(at(0));
        log(1, 0.5);

        News news = record.since(seen);

        assertThat(news.pointsFrom()).isZero();
        assertThat(news.points())
                .extracting(entry -> entry.numbers().get("loss"))
                .containsExactly(0.5);
        assertThat(news.judgements()).contains(List.of());
    }

    @Test
    void anEvaluationAfterTheRunIsNoPointOfTheCurve() {
        record.begin(at(0));
        record.end(at(9), Phase.FINISHED);
        record.evaluated(at(9), evaluation(0.2), new Judging(0));

        assertThat(record.since(Seen.NOTHING).evaluations()).isEmpty();
        assertThat(record.since(Seen.NOTHING).status().phase()).isEqualTo(Phase.FINISHED);
    }

    @Test
    void timeStandsStillWhenTheRunIsOver() {
        record.begin(at(0));
        seconds(3);
        record.end(at(9), Phase.FINISHED);
        seconds(100);

        Status status = record.since(Seen.NOTHING).status();
        assertThat(status.seconds()).isEqualTo(3);
        assertThat(status.secondsLeft()).isEmpty();
    }

    @Test
    void anEvaluationCountsItsBatches() {
        record.begin(at(0));
        record.batch(at(1));
        record.batch(at(1));
        Status during = record.since(Seen.NOTHING).status();
        record.evaluated(at(1), evaluation(0.5), new Judging(0));
        Status after = record.since(Seen.NOTHING).status();

        assertThat(during.phase()).isEqualTo(Phase.EVALUATING);
        assertThat(during.evaluatedBatches()).isEqualTo(2);
        assertThat(after.phase()).isEqualTo(Phase.TRAINING);
        assertThat(after.evaluatedBatches()).isZero();
    }
}
