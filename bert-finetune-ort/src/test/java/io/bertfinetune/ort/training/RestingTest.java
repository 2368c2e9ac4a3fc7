package io.bertfinetune.ort.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Expr;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Sgd;
import io.bertfinetune.optim.Update;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a formula does to a number that has no gradient and no states is read off the formula. */
class RestingTest {
    private static final ParameterInfo TABLE = new ParameterInfo("table", List.of(4, 2));

    static Stream<Arguments> formulas() {
        return Stream.of(
                formula("AdamW", AdamW.defaults(), 0, true),
                formula("AdamW that decays", AdamW.defaults(), 0.01, false),
                formula("SGD", Sgd.defaults(), 0, true),
                formula("SGD with momentum", new Sgd(0.9, true), 0, true),
                formula(
                        "Lion",
                        of(p -> p.state("m").times(0.9).plus(p.gradient()).sign()),
                        0,
                        true),
                formula("a constant step", of(p -> p.learningRate()), 0, false),
                formula("nothing by the old value", of(p -> p.gradient().dividedBy(p.value())), 0, false),
                formula(
                        "nothing by nothing",
                        of(p -> p.gradient().dividedBy(p.state("v").sqrt())),
                        0,
                        false),
                formula(
                        "nothing by something",
                        of(p -> p.gradient().dividedBy(p.state("v").sqrt().max(1e-8))),
                        0,
                        true),
                formula(
                        "a state that grows",
                        p -> Update.of(p.value().minus(p.gradient()))
                                .state("count", p.state("count").plus(1)),
                        0,
                        false),
                formula("the absolute value", p -> Update.of(p.value().abs()), 0, false));
    }

    private static Optimizer of(java.util.function.Function<io.bertfinetune.optim.Parameter, Expr> change) {
        return p -> Update.of(p.value().minus(change.apply(p)));
    }

    private static Arguments formula(String name, Optimizer optimizer, double decay, boolean rests) {
        return Arguments.of(name, optimizer, decay, rests);
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("formulas")
    void aNumberWithoutGradientAndStatesIsKept(String name, Optimizer optimizer, double decay, boolean rests) {
        assertThat(Resting.holds(UpdateRule.of(optimizer, TABLE, decay, 1))).isEqualTo(rests);
    }
}
