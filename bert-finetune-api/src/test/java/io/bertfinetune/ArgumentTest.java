package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArgumentTest {
    /** AdamW's numbers are read from {@code optim()}. */
    private static final Set<String> SET_ONLY = Set.of("adamBeta1", "adamBeta2", "adamEpsilon");

    static Stream<Argument<?>> arguments() {
        return Argument.all().stream();
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void everyArgumentHasAMethodThatSetsItAndOneThatReadsIt(Argument<?> argument) {
        assertThat(methodsOf(ArgumentsBuilder.class)).contains(argument.name());
        if (!SET_ONLY.contains(argument.name())) {
            assertThat(methodsOf(TrainingArguments.class)).contains(argument.name());
        }
    }

    @Test
    void everyMethodThatSetsAnArgumentIsInTheTable() {
        Set<String> known = Argument.all().stream().map(Argument::name).collect(Collectors.toSet());

        Set<String> setters = Arrays.stream(ArgumentsBuilder.class.getMethods())
                .filter(method -> method.getDeclaringClass() == ArgumentsBuilder.class && !method.isBridge())
                .map(Method::getName)
                .collect(Collectors.toSet());

        assertThat(setters).isEqualTo(known);
    }

    static Stream<Arguments> outOfRange() {
        return Stream.of(
                bad("perDeviceTrainBatchSize", b -> b.perDeviceTrainBatchSize(0)),
                bad("perDeviceEvalBatchSize", b -> b.perDeviceEvalBatchSize(-1)),
                bad("numTrainEpochs", b -> b.numTrainEpochs(0)),
                bad("numTrainEpochs", b -> b.numTrainEpochs(Double.POSITIVE_INFINITY)),
                bad("maxSteps", b -> b.maxSteps(0)),
                bad("maxSteps", b -> b.maxSteps(-2)),
                bad("gradientAccumulationSteps", b -> b.gradientAccumulationSteps(0)),
                bad("loggingSteps", b -> b.loggingSteps(0)),
                bad("loggingSteps", b -> b.loggingSteps(-1)),
                bad("evalSteps", b -> b.evalSteps(0)),
                bad("evalDelay", b -> b.evalDelay(-1)),
                bad("learningRate", b -> b.learningRate(0)),
                bad("learningRate", b -> b.learningRate(Double.NaN)),
                bad("warmupSteps", b -> b.warmupSteps(-1)),
                bad("adamBeta1", b -> b.adamBeta1(1)),
                bad("adamBeta2", b -> b.adamBeta2(-0.1)),
                bad("adamEpsilon", b -> b.adamEpsilon(0)),
                bad("weightDecay", b -> b.weightDecay(-0.01)),
                bad("maxGradNorm", b -> b.maxGradNorm(-1)),
                bad("labelSmoothingFactor", b -> b.labelSmoothingFactor(-0.1)),
                bad("labelSmoothingFactor", b -> b.labelSmoothingFactor(1)),
                bad("saveSteps", b -> b.saveSteps(0)),
                bad("saveTotalLimit", b -> b.saveTotalLimit(-1)),
                bad("dataloaderPrefetchFactor", b -> b.dataloaderPrefetchFactor(-1)));
    }

    private static Arguments bad(String method, UnaryOperator<TrainingArguments.Builder> call) {
        return Arguments.of(method, call);
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void aValueOutOfRangeIsRefusedByTheNameOfTheMethod(String method, UnaryOperator<TrainingArguments.Builder> call) {
        assertThatThrownBy(() -> call.apply(TrainingArguments.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(method + " is ")
                .hasMessageContaining("expected");
    }

    @Test
    void nullIsRefusedByTheNameOfTheMethod() {
        assertThatThrownBy(() -> TrainingArguments.builder().outputDir(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("outputDir");
    }

    private static Set<String> methodsOf(Class<?> type) {
        return Arrays.stream(type.getMethods()).map(Method::getName).collect(Collectors.toSet());
    }
}
