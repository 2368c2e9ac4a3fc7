package io.bertfinetune.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.TrainingArguments;
import io.bertfinetune.error.BertFineTuneException;
import io.bertfinetune.error.NonFiniteLossException;
import io.bertfinetune.error.TerminatedException;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SearchTest {
    private static final Hyperparameter<Double> RATE = Hyperparameter.logUniform("learningRate", 1e-5, 1e-1);
    private static final SearchSpace SPACE =
            SearchSpace.of(TrainingArguments.builder().build()).with(RATE, TrainingArguments.Builder::learningRate);
    private static final Search SEARCH = Search.maximize("eval_accuracy").over(SPACE);

    /** The nearer the learning rate is to 1e-3, the better; longer training adds a little. */
    private static Metrics train(Trial trial) {
        double off = Math.abs(Math.log10(trial.arguments().learningRate()) + 3);
        return Metrics.of("eval_accuracy", 1 - off / 10 + trial.arguments().numTrainEpochs() / 1000)
                .with("eval_loss", off);
    }

    private static List<Integer> numbers(SearchResult result) {
        return result.trials().stream().map(t -> t.trial().number()).toList();
    }

    @Test
    void theBestComesFirst() {
        SearchResult found = SEARCH.run(SearchTest::train);

        assertThat(found.trials()).hasSize(20);
        assertThat(found.trials().stream().map(t -> t.metrics().get("eval_loss")))
                .isSorted();
        assertThat(found.best()).isSameAs(found.trials().get(0));
        assertThat(found.best().objective()).hasValue(found.best().metrics().get("eval_accuracy"));
        assertThat(found.best().trial().arguments().learningRate())
                .isEqualTo(found.best().trial().get(RATE));
    }

    @Test
    void lessOfALossIsBetter() {
        assertThat(numbers(Search.minimize("eval_loss").over(SPACE).run(SearchTest::train)))
                .isEqualTo(numbers(SEARCH.run(SearchTest::train)));
    }

    @Test
    void aMetricKnowsItsNameAndDirection() {
        assertThat(numbers(Search.by(Accuracy.of()).over(SPACE).run(SearchTest::train)))
                .isEqualTo(numbers(SEARCH.run(SearchTest::train)));
        assertThat(numbers(Search.by(Accuracy.of().lowerIsBetter()).over(SPACE).run(SearchTest::train)))
                .isNotEqualTo(numbers(SEARCH.run(SearchTest::train)));
    }

    @Test
    void theSameSeedIsTheSameSearchAndMoreTrialsAreAdded() {
        SearchResult five = SEARCH.trials(5).seed(7).run(SearchTest::train);
        SearchResult ten = SEARCH.trials(10).seed(7).run(SearchTest::train);

        assertThat(SEARCH.trials(5).seed(7).run(SearchTest::train).toCsv()).isEqualTo(five.toCsv());
        assertThat(ten.toCsv().lines()).containsAll(five.toCsv().lines().toList());
        assertThat(SEARCH.trials(5).seed(8).run(SearchTest::train).toCsv()).isNotEqualTo(five.toCsv());
    }

    @Test
    void aTrialThatFailsIsToldAndTheOthersGoOn() {
        SearchResult found = SEARCH.trials(4).run(trial -> {
            if (trial.number() == 1) {
                throw new NonFiniteLossException(12, Double.NaN);
            }
            if (trial.number() == 2) {
                return Metrics.of("eval_accuracy", Double.NaN);
            }
            return train(trial);
        });

        assertThat(found.trials()).hasSize(4);
        assertThat(numbers(found).subList(2, 4)).containsExactly(1, 2);
        assertThat(found.trials().get(2).failure())
                .hasValueSatisfying(
                        why -> assertThat(why).startsWith("NonFiniteLossException: loss is NaN in step 12"));
        assertThat(found.trials().get(3).failure()).hasValue("eval_accuracy is NaN");
        assertThat(found.trials().get(3).objective()).isEmpty();
        assertThat(found.toString().lines().skip(3))
                .allSatisfy(line -> assertThat(line).contains("failed: "));
    }

    @Test
    void withoutASingleSuccessThereIsNoBest() {
        SearchResult found = SEARCH.trials(2).run(trial -> {
            throw new NonFiniteLossException(1, Double.NaN);
        });

        assertThatIllegalStateException()
                .isThrownBy(found::best)
                .withMessageStartingWith("all 2 trials failed: trial 0 (learningRate ")
                .withMessageContaining("loss is NaN in step 1");
    }

    @Test
    void anInterruptEndsTheSearch() {
        List<Integer> begun = new ArrayList<>();

        assertThatThrownBy(() -> SEARCH.run(trial -> {
                    begun.add(trial.number());
                    Thread.currentThread().interrupt();
                    throw new BertFineTuneException("training was interrupted");
                }))
                .hasMessage("training was interrupted");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(begun).containsExactly(0);
    }

    @Test
    void aSigtermEndsTheSearch() {
        List<Integer> begun = new ArrayList<>();

        assertThatThrownBy(() -> SEARCH.run(trial -> {
                    begun.add(trial.number());
                    throw new IllegalStateException(new TerminatedException("training was ended by SIGTERM"));
                }))
                .hasRootCauseMessage("training was ended by SIGTERM");

        assertThat(begun).containsExactly(0);
    }

    @Test
    void metricsWithoutTheObjectiveAreAMistakeAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Search.maximize("eval_f1").over(SPACE).run(SearchTest::train))
                .withMessage("no metric 'eval_f1'; there are [eval_accuracy, eval_loss]");
    }

    @Test
    void halvingTrainsTheBestLonger() {
        TreeMap<Double, List<Integer>> trained = new TreeMap<>();

        SearchResult found = SEARCH.trials(9).halving(Halving.epochs(1, 9)).run(trial -> {
            trained.computeIfAbsent(trial.arguments().numTrainEpochs(), epochs -> new ArrayList<>())
                    .add(trial.number());
            return train(trial);
        });

        List<Integer> best = numbers(SEARCH.trials(9).run(SearchTest::train));
        assertThat(trained.get(1.0)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(trained.get(3.0)).containsExactlyElementsOf(best.subList(0, 3));
        assertThat(trained.get(9.0)).containsExactly(best.get(0));
        assertThat(numbers(found)).containsExactlyElementsOf(best);
        assertThat(found.trials().stream().map(t -> t.trial().values().get("numTrainEpochs")))
                .containsExactly(9.0, 3.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
    }

    @Test
    void halvingNeverPromotesAFailure() {
        List<Integer> second = new ArrayList<>();

        SearchResult found = SEARCH.trials(9).halving(Halving.steps(10, 30)).run(trial -> {
            if (trial.arguments().maxSteps() == 30) {
                second.add(trial.number());
            }
            if (trial.number() < 8) {
                throw new NonFiniteLossException(1, Double.NaN);
            }
            return train(trial);
        });

        assertThat(second).containsExactly(8);
        assertThat(found.best().trial().values()).containsEntry("maxSteps", 30L);
        assertThat(found.trials()).hasSize(9);
    }

    @Test
    void aHalvingInWhichAllFailEnds() {
        SearchResult found = SEARCH.trials(3).halving(Halving.epochs(1, 9)).run(trial -> {
            throw new NonFiniteLossException(1, Double.NaN);
        });

        assertThat(found.trials()).hasSize(3).allMatch(t -> t.failure().isPresent());
    }

    @Test
    void halvingBesideLengthsOfTheSpaceIsRefused() {
        Search varied = Search.minimize("eval_loss")
                .over(SearchSpace.huggingFace(TrainingArguments.builder().build()))
                .halving(Halving.epochs(1, 9));
        Search fixed = Search.minimize("eval_loss")
                .over(SearchSpace.of(TrainingArguments.builder().maxSteps(100).build()))
                .halving(Halving.epochs(1, 9));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> varied.run(SearchTest::train))
                .withMessageContaining("a space that varies numTrainEpochs or maxSteps");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixed.run(SearchTest::train))
                .withMessageContaining("beside maxSteps(100), which overrides it");
    }

    @Test
    void jsonAndCsvHaveEveryTrial() {
        SearchResult found = SEARCH.trials(2).run(trial -> {
            if (trial.number() == 1) {
                throw new NonFiniteLossException(3, Double.POSITIVE_INFINITY);
            }
            return Metrics.of("eval_accuracy", 0.5).with("eval_loss", Double.POSITIVE_INFINITY);
        });

        JsonObject json = JsonParser.parseString(found.toJson()).getAsJsonObject();
        JsonObject good = json.getAsJsonArray("trials").get(0).getAsJsonObject();
        JsonObject bad = json.getAsJsonArray("trials").get(1).getAsJsonObject();
        assertThat(json.get("objective").getAsString()).isEqualTo("eval_accuracy");
        assertThat(good.getAsJsonObject("values").get("learningRate").getAsDouble())
                .isEqualTo(found.best().trial().get(RATE));
        assertThat(good.getAsJsonObject("metrics").get("eval_loss").isJsonNull())
                .isTrue();
        assertThat(good.get("failure").isJsonNull()).isTrue();
        assertThat(bad.get("failure").getAsString()).contains("loss is Infinity in step 3");
        assertThat(found.toCsv().lines().findFirst()).hasValue("trial,learningRate,eval_accuracy,eval_loss,failure");
        assertThat(found.toCsv().lines().skip(1).findFirst())
                .hasValue("0," + found.best().trial().get(RATE) + ",0.5,Infinity,");
    }

    @Test
    void aSearchHasATrial() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SEARCH.trials(0))
                .withMessage("Search: trials is 0, expected 1 or more");
    }
}
