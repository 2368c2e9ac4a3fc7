package io.bertfinetune.optim;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The schedules by Hugging Face's names. */
final class NamedSchedules {
    /** Every type, and the settings it knows. */
    private static final ImmutableMap<String, List<String>> TYPES = ImmutableMap.<String, List<String>>builder()
            .put("linear", List.of())
            .put("constant", List.of())
            .put("constant_with_warmup", List.of())
            .put("cosine", List.of("num_cycles"))
            .put("cosine_with_restarts", List.of("num_cycles"))
            .put("cosine_with_min_lr", List.of("min_lr_rate", "num_cycles"))
            .put("polynomial", List.of("power", "lr_end"))
            .put("inverse_sqrt", List.of("timescale"))
            .put("warmup_stable_decay", List.of("num_decay_steps", "min_lr_ratio", "num_cycles"))
            .put(
                    ReduceLrOnPlateau.TYPE,
                    List.of("mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr", "eps"))
            .build();

    private final String type;
    private final Map<String, Object> kwargs;

    private NamedSchedules(String type, Map<String, ?> kwargs) {
        this.type = type;
        this.kwargs = new TreeMap<>(kwargs);
    }

    static LearningRateSchedule of(String type, Map<String, ?> kwargs) {
        NamedSchedules named = new NamedSchedules(type, kwargs);
        named.requireKnown();
        return named.schedule();
    }

    private LearningRateSchedule schedule() {
        return switch (type) {
            case "linear" -> new LinearSchedule();
            case "constant" -> new ConstantSchedule();
            case "constant_with_warmup" -> new ConstantWithWarmupSchedule();
            case "cosine" -> new CosineSchedule(number("num_cycles", CosineSchedule.HALF_A_WAVE));
            case "cosine_with_restarts" -> new CosineWithRestartsSchedule(whole("num_cycles", 1));
            case "cosine_with_min_lr" ->
                new CosineWithMinLrSchedule(needed("min_lr_rate"), number("num_cycles", CosineSchedule.HALF_A_WAVE));
            case "polynomial" ->
                new PolynomialSchedule(
                        number("power", PolynomialSchedule.POWER), number("lr_end", PolynomialSchedule.LR_END));
            case "inverse_sqrt" -> new InverseSqrtSchedule(whole("timescale", InverseSqrtSchedule.AS_WARMUP));
            case "warmup_stable_decay" ->
                new WarmupStableDecaySchedule(
                        whole("num_decay_steps", needed("num_decay_steps")),
                        number("min_lr_ratio", 0),
                        number("num_cycles", CosineSchedule.HALF_A_WAVE));
            case ReduceLrOnPlateau.TYPE -> plateau(ReduceLrOnPlateau.DEFAULTS);
            default -> throw new IllegalStateException(type + " is in the table and not made");
        };
    }

    private ReduceLrOnPlateau plateau(ReduceLrOnPlateau initial) {
        return new ReduceLrOnPlateau(
                oneOf("mode", initial.mode()),
                number("factor", initial.factor()),
                whole("patience", initial.patience()),
                number("threshold", initial.threshold()),
                oneOf("threshold_mode", initial.thresholdMode()),
                whole("cooldown", initial.cooldown()),
                number("min_lr", initial.minLr()),
                number("eps", initial.eps()));
    }

    private void requireKnown() {
        List<String> known = TYPES.get(type);
        if (known == null) {
            throw new IllegalArgumentException(
                    "lr_scheduler_type: '" + type + "' is not known; there are " + TYPES.keySet());
        }
        for (String name : kwargs.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("lr_scheduler_kwargs: '" + name + "' is not known for " + type
                        + (known.isEmpty() ? ", which takes none" : "; there are " + known));
            }
        }
    }

    private double needed(String name) {
        if (!kwargs.containsKey(name)) {
            throw new IllegalArgumentException("lr_scheduler_kwargs: " + type + " needs '" + name + "'");
        }
        return number(name, 0);
    }

    private double number(String name, double fallback) {
        if (kwargs.getOrDefault(name, fallback) instanceof Number number) {
            return number.doubleValue();
        }
        throw unfit(name, "a number");
    }

    private <T extends Enum<T>> T oneOf(String name, T fallback) {
        List<T> values = List.of(fallback.getDeclaringClass().getEnumConstants());
        Object said = kwargs.getOrDefault(name, textOf(fallback));
        return values.stream()
                .filter(value -> textOf(value).equals(said))
                .findFirst()
                .orElseThrow(() -> unfit(
                        name,
                        "one of " + values.stream().map(NamedSchedules::textOf).toList()));
    }

    private static String textOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private IllegalArgumentException unfit(String name, String expected) {
        return new IllegalArgumentException(
                "lr_scheduler_kwargs: " + type + "'s '" + name + "' is " + kwargs.get(name) + ", expected " + expected);
    }

    private int whole(String name, double fallback) {
        double value = number(name, fallback);
        if (value != (int) value) {
            throw unfit(name, "a whole number");
        }
        return (int) value;
    }
}
