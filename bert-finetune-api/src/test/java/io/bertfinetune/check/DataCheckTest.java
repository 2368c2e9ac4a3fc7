package io.bertfinetune.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.check.DataWarning.Kind;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DataCheckTest {
    private static final SequenceClassification TASK = SequenceClassification.of("even", "odd");
    private static final Model<Text, String, Classification> MODEL = FakeModel.of(TASK);

    /** Texts of three words, no two alike, half of them even. */
    private static List<Example<Text, String>> rows(String word, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Example.of(Text.of(word + " number " + i), i % 2 == 0 ? "even" : "odd"))
                .toList();
    }

    @SafeVarargs
    private static IndexedDataset<Example<Text, String>> clean(String word, int count, Example<Text, String>... more) {
        List<Example<Text, String>> all = new ArrayList<>(rows(word, count));
        all.addAll(List.of(more));
        return Dataset.of(all);
    }

    private static Example<Text, String> even(String text) {
        return Example.of(Text.of(text), "even");
    }

    private static DataReport check(Dataset<Example<Text, String>> train, Dataset<Example<Text, String>> eval) {
        return DataCheck.of(MODEL, train).eval(eval).run();
    }

    private static DataWarning onlyWarning(DataReport report) {
        assertThat(report.warnings()).hasSize(1);
        return report.warnings().get(0);
    }

    @Test
    void cleanDataIsCountedAndNotWarnedOf() {
        DataReport report = check(clean("train", 20), clean("eval", 10));

        assertThat(report.warnings()).isEmpty();
        assertThat(report.parts())
                .containsExactly(
                        new PartReport("train", 20, true, 20, 5, 5, 5, 0, 0, 0, 0, Map.of("even", 10L, "odd", 10L)),
                        new PartReport("eval", 10, true, 10, 5, 5, 5, 0, 0, 0, 0, Map.of("even", 5L, "odd", 5L)));
        assertThat(report.estimate().tokensPerEpoch()).hasValue(100);
        assertThat(report).asString().endsWith("\nno warnings");
    }

    @Test
    void textsThatAreCutAreShownByTheLongest() {
        DataReport report = check(
                clean("train", 20, even("one two three four five"), even("a b c d e f g h i"), even("1 2 3 4 5 6")),
                clean("eval", 10));

        DataWarning warning = onlyWarning(report);
        assertThat(warning.kind()).isEqualTo(Kind.TRUNCATED);
        assertThat(warning)
                .hasToString(
                        "3 texts of 23 of train (13.0 %) are longer than maxLength(6) and lose their end, for example"
                                + " row 21 of train, 'a b c d e f g h i' with 11 tokens. 99 % of the texts have up to 11 tokens:"
                                + " open the model with a higher maxLength if it reads more, or shorten the texts yourself, so"
                                + " that what matters stays");
        assertThat(report.parts().get(0).meanTokens()).isCloseTo((20 * 5 + 3 * 6) / 23.0, within(1e-12));
        assertThat(report.parts().get(0).longest()).isEqualTo(11);
    }

    @Test
    void oneCutTextInAHundredIsAWarningAndOneInTwoHundredIsNot() {
        assertThat(check(clean("train", 99, even("a b c d e f g h i")), clean("eval", 10))
                        .warnings())
                .hasSize(1);
        assertThat(check(clean("train", 199, even("a b c d e f g h i")), clean("eval", 10))
                        .warnings())
                .isEmpty();
    }

    @Test
    void emptyTextsAreFound() {
        DataWarning warning = onlyWarning(check(clean("train", 20), clean("eval", 10, even(" \n\u00a0"), even(""))));

        assertThat(warning.kind()).isEqualTo(Kind.EMPTY);
        assertThat(warning.found()).isEqualTo("2 texts of eval are empty");
        assertThat(warning.example()).isEqualTo("row 10 of eval, labelled even");
    }

    @Test
    void duplicatesAcrossThePartsAreFoundWhateverTheirCaseAndSpaces() {
        DataWarning warning = onlyWarning(
                check(clean("train", 20), clean("eval", 10, even("  TRAIN \t number  7"), even("number 7"))));

        assertThat(warning.kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(warning.found()).isEqualTo("1 text of 12 of eval is in train too, but for case and white space");
        assertThat(warning.example()).isEqualTo("row 10 of eval, 'TRAIN number 7'");
    }

    @Test
    void pairsAreDuplicatesOnlyIfBothTextsAre() {
        var train = clean("train", 20, Example.of(Text.pair("a", "b"), "even"));
        var eval = clean("eval", 10, Example.of(Text.pair("a", "c"), "even"), even("a"));

        assertThat(check(train, eval).warnings()).isEmpty();
    }

    @Test
    void aLabelWithATenthOfAnothersRowsIsAWarning() {
        List<Example<Text, String>> rows = new ArrayList<>(rows("train", 1));
        IntStream.range(0, 9).forEach(i -> rows.add(Example.of(Text.of("odd one " + i), "odd")));
        assertThat(DataCheck.of(MODEL, Dataset.of(rows)).run().warnings()).isEmpty();
        rows.add(Example.of(Text.of("the tenth"), "odd"));

        DataWarning warning = onlyWarning(DataCheck.of(MODEL, Dataset.of(rows)).run());

        assertThat(warning.kind()).isEqualTo(Kind.IMBALANCE);
        assertThat(warning.found()).isEqualTo("label 'even' has 1 row of 11 in train, 'odd' has 10");
        assertThat(warning.example()).isEqualTo("row 0 of train, 'train number 0'");
        assertThat(DataCheck.of(FakeModel.of(TASK.classWeights(Map.of("even", 10.0))), Dataset.of(rows))
                        .run()
                        .warnings())
                .isEmpty();
    }

    @Test
    void unknownTokensAreSharesOfTheWordsNotOfTheSpecialTokens() {
        // 1 of 59 + 40 words
        DataReport report = check(clean("train", 20), clean("eval", 19, even("why?"), even("is it")));

        DataWarning warning = onlyWarning(report);
        assertThat(warning.kind()).isEqualTo(Kind.UNKNOWN_TOKENS);
        assertThat(warning.found()).isEqualTo("1.7 % of the tokens of eval are [UNK]");
        assertThat(warning.example()).isEqualTo("row 19 of eval, 'why?'");
        assertThat(report.parts().get(1).unknown()).isCloseTo(1 / 60.0, within(1e-12));
    }

    @Test
    @Timeout(60) // with a look at the whole text for each token it takes an hour
    void aLongTextOfUnknownTokensIsLookedAtOnce() {
        DataReport report = check(clean("train", 20, even("why? ".repeat(100_000))), clean("eval", 10));

        assertThat(report.warnings())
                .extracting(DataWarning::kind)
                .containsExactly(Kind.TRUNCATED, Kind.UNKNOWN_TOKENS);
        assertThat(report.warnings().get(1).example())
                .startsWith("row 20 of train, 'why? why?")
                .hasSizeLessThan(100);
    }

    @Test
    void onlyTheFirstRowOfAKindIsWrittenOut() {
        Part<Object, String> train = new Part<>("train", MODEL.tokenizer(), MODEL.maxLength(), Optional.empty());
        Part<Object, String> eval = new Part<>("eval", MODEL.tokenizer(), MODEL.maxLength(), Optional.of(train));
        int[] written = new int[1];
        Object input = new Object() {
            @Override
            public String toString() {
                written[0]++;
                return "the same";
            }
        };
        train.row(0, Example.of("the same", "odd"), false);

        for (int i = 0; i < 10; i++) {
            eval.row(i, Example.of(input, "odd"), false);
        }

        assertThat(eval.duplicate.count).isEqualTo(10);
        assertThat(written[0]).isEqualTo(10 + 1 + 1); // to compare; for the duplicate; for the label
    }

    @Test
    void labelsThatAreOnlyInTheEvaluationSetAreFound() {
        DataReport report = check(clean("train", 20), clean("eval", 10, Example.of(Text.of("half"), "Odd")));

        DataWarning warning = onlyWarning(report);
        assertThat(warning.kind()).isEqualTo(Kind.UNSEEN_LABEL);
        assertThat(warning.found()).isEqualTo("labels [Odd] of eval (1 row) are not in train");
        assertThat(warning.advice()).contains("will stop there with a DataException");
        assertThat(DataCheck.of(FakeModel.of(SequenceClassification.of("even", "odd", "Odd")), clean("train", 20))
                        .eval(clean("eval", 10, Example.of(Text.of("half"), "Odd")))
                        .run()
                        .warnings()
                        .get(0)
                        .advice())
                .startsWith("The model cannot learn them");
    }

    @Test
    void aLabelIsNotCalledUnseenWhileRowsOfTheTrainingSetAreUnread() {
        Part<Text, String> train = new Part<>("train", MODEL.tokenizer(), MODEL.maxLength(), Optional.empty());
        Part<Text, String> eval = new Part<>("eval", MODEL.tokenizer(), MODEL.maxLength(), Optional.of(train));
        train.row(0, even("one"), true);
        eval.row(0, Example.of(Text.of("two"), "odd"), true);
        Warnings warnings = new Warnings(TASK, MODEL.maxLength());

        assertThat(warnings.of(train, List.of(eval))).isEmpty();
        train.complete = true;
        assertThat(warnings.of(train, List.of(eval))).hasSize(1);
    }

    @Test
    void rowsThatCannotBeReadOrTokenizedAreAFinding() {
        IndexedDataset<Example<Text, String>> broken =
                new MappedRows(clean("train", 20).map(example -> example));

        DataReport report = check(broken, clean("eval", 10));

        DataWarning warning = onlyWarning(report);
        assertThat(warning.kind()).isEqualTo(Kind.UNREADABLE);
        assertThat(warning.found()).isEqualTo("2 rows of train cannot be read");
        assertThat(warning.example()).isEqualTo("row 4 of train: no such row in the database");
        assertThat(report.parts().get(0).rows()).isEqualTo(19);
    }

    /** Row 4 cannot be read, row 5 not tokenized. */
    private record MappedRows(IndexedDataset<Example<Text, String>> rows)
            implements IndexedDataset<Example<Text, String>> {
        @Override
        public int count() {
            return rows.count();
        }

        @Override
        public Example<Text, String> get(int index) {
            if (index == 4) {
                throw new IllegalStateException("no such row in the database");
            }
            return index == 5 ? Example.of(Text.of("a \u0000"), "odd") : rows.get(index);
        }
    }

    @Test
    void theSampleIsSpreadEvenlyAndTheRestIsComparedAll() {
        List<Integer> read = new ArrayList<>();
        IndexedDataset<Example<Text, String>> all = clean("train", 20);
        IndexedDataset<Example<Text, String>> watched = new IndexedDataset<>() {
            @Override
            public int count() {
                return all.count();
            }

            @Override
            public Example<Text, String> get(int index) {
                read.add(index);
                return all.get(index);
            }
        };

        DataReport report = DataCheck.of(MODEL, watched).sample(4).run();

        assertThat(read.subList(0, 4)).containsExactly(0, 5, 10, 15);
        assertThat(read).hasSize(20).doesNotHaveDuplicates();
        assertThat(report.parts().get(0).tokenized()).isEqualTo(4);
        assertThat(report.parts().get(0).rows()).isEqualTo(20);
        assertThat(report.estimate().tokensPerEpoch()).hasValue(100);
    }

    @Test
    void withoutTimeNothingIsReadAndNothingClaimed() {
        DataReport report = DataCheck.of(MODEL, clean("train", 20))
                .eval(clean("eval", 10, Example.of(Text.of("half"), "Odd")))
                .within(Duration.ZERO)
                .run();

        assertThat(report.parts()).allMatch(part -> part.rows() == 0 && !part.complete());
        assertThat(report.warnings()).isEmpty();
        assertThat(report.estimate().tokensPerEpoch()).isEmpty();
    }

    @Test
    void anInterruptEndsTheReadingAndStays() {
        Thread.currentThread().interrupt();

        DataReport report = check(clean("train", 20), clean("eval", 10));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.parts()).allMatch(part -> part.rows() == 0);
    }

    @Test
    void aStreamIsReadFromItsStartAndClosed() {
        List<String> events = new ArrayList<>();
        List<Example<Text, String>> rows = rows("train", 20);
        Dataset<Example<Text, String>> stream =
                () -> Stream.of(0).onClose(() -> events.add("closed")).flatMap(zero -> rows.stream());

        DataReport report = DataCheck.of(MODEL, stream).sample(7).run();

        assertThat(report.parts().get(0).rows()).isEqualTo(20);
        assertThat(report.parts().get(0).complete()).isTrue();
        assertThat(report.parts().get(0).tokenized()).isEqualTo(7);
        assertThat(report.estimate().tokensPerEpoch()).hasValue(100);
        assertThat(events).containsExactly("closed");
    }

    @Test
    void evaluationSetsHaveNamesOfTheirOwn() {
        DataCheck<Text, String> check = DataCheck.of(MODEL, clean("train", 20)).eval("dev", clean("eval", 10));

        assertThat(check.run().parts().stream().map(PartReport::name)).containsExactly("train", "dev");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check.eval("dev", clean("eval", 10)))
                .withMessage("DataCheck: there are two data sets named 'dev'");
    }

    @Test
    void aSampleHasARow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataCheck.of(MODEL, clean("train", 20)).sample(0))
                .withMessage("DataCheck: sample is 0, expected 1 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataCheck.of(MODEL, clean("train", 20)).batchSize(0));
    }
}
