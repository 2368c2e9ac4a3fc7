package io.bertfinetune.ort.weights;

import io.bertfinetune.error.ModelFormatException;
import io.bertfinetune.optim.ParameterInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies the parameters of a checkpoint to where a model wants them. */
public final class WeightLoader {
    private static final Logger LOG = LoggerFactory.getLogger(WeightLoader.class);
    private static final int LISTED = 10;

    private WeightLoader() {}

    /** Where parameters are kept. */
    @FunctionalInterface
    public interface Target {
        /**
         * Has a parameter's numbers written.
         *
         * @param parameter the name of the parameter
         * @param numbers writes them, row by row, into the buffer it is given
         */
        void write(String parameter, Consumer<FloatBuffer> numbers);
    }

    /**
     * Copies every expected parameter that the checkpoint has. All names and shapes are checked before the first number
     * is copied. Parameters of the encoder must be there; those of the pooler and the head may be missing. NaN and
     * infinity are copied, and one log line names the parameters that hold them.
     *
     * @param source what messages call the checkpoint
     * @param weights the checkpoint
     * @param expected the parameters of the model
     * @param target writes the numbers of a parameter, by its name; not asked for missing ones
     * @return what was missing and what was left over
     * @throws ModelFormatException if a parameter of the encoder is missing or one has another shape
     */
    public static LoadReport load(String source, Weights weights, List<ParameterInfo> expected, Target target) {
        return load(source, weights, expected, target, LOG::warn);
    }

    static LoadReport load(
            String source, Weights weights, List<ParameterInfo> expected, Target target, Consumer<String> warnings) {
        List<String> missing = new ArrayList<>();
        for (ParameterInfo parameter : expected) {
            if (weights.names().contains(parameter.name())) {
                checkShape(source, weights, parameter);
            } else {
                missing.add(parameter.name());
            }
        }
        List<String> required = missing.stream().filter(WeightLoader::isEncoder).toList();
        if (!required.isEmpty()) {
            long all = expected.stream().filter(p -> isEncoder(p.name())).count();
            throw new ModelFormatException("checkpoint " + source + ": " + required.size() + " of the encoder's " + all
                    + " parameters are missing: " + some(required) + "; it has "
                    + (weights.names().isEmpty() ? "none" : some(List.copyOf(weights.names()))));
        }
        List<String> broken = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        for (ParameterInfo parameter : expected) {
            wanted.add(parameter.name());
            if (weights.names().contains(parameter.name())) {
                target.write(parameter.name(), room -> {
                    weights.copy(parameter.name(), room);
                    if (!isFinite(room)) {
                        broken.add(parameter.name());
                    }
                });
            }
        }
        if (!broken.isEmpty()) {
            warnings.accept("checkpoint " + source + ": NaN or infinite numbers in " + some(broken)
                    + "; losses and predictions will be NaN too");
        }
        List<String> unexpected =
                weights.names().stream().filter(name -> !wanted.contains(name)).toList();
        return new LoadReport(missing, unexpected);
    }

    private static boolean isEncoder(String name) {
        return name.startsWith("bert.") && !name.startsWith("bert.pooler.");
    }

    private static void checkShape(String source, Weights weights, ParameterInfo parameter) {
        List<Long> found = weights.shape(parameter.name());
        List<Long> needed = parameter.shape().stream().map(Integer::longValue).toList();
        if (!found.equals(needed)) {
            String whose = parameter.name().startsWith("bert.")
                    ? ", this model needs " + needed + "; does its configuration belong to another checkpoint?"
                    : ", this head needs " + needed + "; was it trained with other labels?";
            throw new ModelFormatException(
                    "checkpoint " + source + ": parameter " + parameter.name() + " is " + found + whose);
        }
    }

    private static boolean isFinite(FloatBuffer numbers) {
        for (int i = numbers.position(); i < numbers.limit(); i++) {
            if (!Float.isFinite(numbers.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static String some(List<String> names) {
        String listed = names.stream().limit(LISTED).collect(Collectors.joining(", "));
        return names.size() <= LISTED ? listed : listed + " and " + (names.size() - LISTED) + " more";
    }
}
