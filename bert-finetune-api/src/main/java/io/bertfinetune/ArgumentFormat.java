package io.bertfinetune;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the values of an argument look in Hugging Face's JSON. */
interface ArgumentFormat<T> {
    ArgumentFormat<Integer> INTEGER = of(json -> Math.toIntExact(whole(json)), JsonPrimitive::new);
    ArgumentFormat<Long> LONG = of(ArgumentFormat::whole, JsonPrimitive::new);
    ArgumentFormat<Double> NUMBER = of(ArgumentFormat::number, JsonPrimitive::new);
    ArgumentFormat<Boolean> FLAG = of(ArgumentFormat::flag, JsonPrimitive::new);
    ArgumentFormat<String> TEXT =
            of(ArgumentFormat::text, text -> text.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(text));
    /** A metric's name, written with or without {@code eval_}. */
    ArgumentFormat<String> METRIC = of(
            json -> text(json).replaceFirst("^eval_", ""),
            text -> text.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(text));

    ArgumentFormat<Path> PATH = of(json -> Path.of(text(json)), path -> new JsonPrimitive(path.toString()));
    ArgumentFormat<OptionalLong> OPTIONAL_LONG = of(
            json -> OptionalLong.of(whole(json)),
            number -> number.isPresent() ? new JsonPrimitive(number.getAsLong()) : JsonNull.INSTANCE);

    /** One number: from 1 on it is steps, below a share of the run. */
    ArgumentFormat<Steps> STEPS = of(
            json -> number(json) > 0 && number(json) < 1 ? Steps.ratio(number(json)) : Steps.of(whole(json)),
            steps -> steps.isRatio() ? new JsonPrimitive(steps.value()) : new JsonPrimitive((long) steps.value()));

    ArgumentFormat<IntervalStrategy> INTERVAL = of(
            json -> oneOf(json, Arrays.asList(IntervalStrategy.values()), ArgumentFormat::type),
            strategy -> new JsonPrimitive(type(strategy)));

    ArgumentFormat<SaveStrategy> SAVING = of(
            json -> oneOf(json, Arrays.asList(SaveStrategy.values()), ArgumentFormat::type),
            strategy -> new JsonPrimitive(type(strategy)));

    ArgumentFormat<InputTokens> INPUT_TOKENS = of(
            json -> oneOf(json, Arrays.asList(InputTokens.values()), ArgumentFormat::type),
            tokens -> new JsonPrimitive(type(tokens)));

    /** A list of names, or one text with names and spaces. */
    ArgumentFormat<Set<DebugOption>> DEBUG = of(ArgumentFormat::debug, options -> {
        JsonArray names = new JsonArray();
        options.forEach(option -> names.add(type(option)));
        return names;
    });

    ArgumentFormat<Sampler> SAMPLER = of(
            json -> oneOf(
                    json, List.of(Sampler.random(), Sampler.sequential(), Sampler.groupByLength()), Sampler::type),
            sampler -> named("trainSamplingStrategy", sampler.type(), sampler));

    /** Two fields: the type, and {@code lr_scheduler_kwargs}. */
    ArgumentFormat<LearningRateSchedule> SCHEDULE = new ArgumentFormat<>() {
        private static final String KWARGS = "lr_scheduler_kwargs";

        @Override
        public LearningRateSchedule read(String field, JsonObject all) {
            Map<String, Object> kwargs = new LinkedHashMap<>();
            JsonElement given = all.has(KWARGS) ? all.get(KWARGS) : JsonNull.INSTANCE;
            if (given.isJsonObject()) {
                given.getAsJsonObject().entrySet().forEach(e -> kwargs.put(e.getKey(), setting(e.getValue())));
            } else if (!given.isJsonNull()) {
                throw new IllegalArgumentException(
                        "expected " + KWARGS + " to be an object of numbers and texts, found " + given);
            }
            return LearningRateSchedule.named(text(all.get(field)), kwargs);
        }

        @Override
        public void write(String field, LearningRateSchedule schedule, JsonObject into) {
            into.add(field, named("lrSchedulerType", schedule.type(), schedule));
            JsonObject kwargs = new JsonObject();
            schedule.kwargs()
                    .forEach((name, value) -> kwargs.add(
                            name,
                            value instanceof Number number
                                    ? new JsonPrimitive(number)
                                    : new JsonPrimitive(value.toString())));
            into.add(KWARGS, kwargs.isEmpty() ? JsonNull.INSTANCE : kwargs);
        }
    };

    ArgumentFormat<Optimizer> OPTIMIZER = new OptimizerFormat();

    /** No field at all: Hugging Face has none, and conditions on parameters cannot be written. */
    ArgumentFormat<ParameterGroups> PARAMETER_GROUPS = new ArgumentFormat<>() {
        @Override
        public ParameterGroups read(String field, JsonObject all) {
            throw new IllegalArgumentException(
                    "this is no field of Hugging Face's TrainingArguments; say it in Java, parameterGroups(…)");
        }

        @Override
        public void write(String field, ParameterGroups groups, JsonObject into) {
            if (!groups.equals(ParameterGroups.standard())) {
                throw new IllegalStateException(
                        "toJson: parameterGroups is " + groups + ", for which Hugging Face has no field");
            }
        }
    };

    /** No field at all: Hugging Face has none, and no number of a run depends on it. */
    ArgumentFormat<Boolean> NO_FIELD = new ArgumentFormat<>() {
        @Override
        public Boolean read(String field, JsonObject all) {
            throw new IllegalArgumentException(
                    "this is no field of Hugging Face's TrainingArguments; say it in Java, where the trainer is built");
        }

        @Override
        public void write(String field, Boolean value, JsonObject into) {}
    };

    /** The value of this field of the object, which is there and not null. */
    T read(String field, JsonObject all);

    void write(String field, T value, JsonObject into);

    private static <T> ArgumentFormat<T> of(Function<JsonElement, T> read, Function<T, JsonElement> write) {
        return new ArgumentFormat<>() {
            @Override
            public T read(String field, JsonObject all) {
                return read.apply(all.get(field));
            }

            @Override
            public void write(String field, T value, JsonObject into) {
                into.add(field, write.apply(value));
            }
        };
    }

    private static Set<DebugOption> debug(JsonElement json) {
        List<JsonElement> names = json instanceof JsonArray array
                ? array.asList()
                : Stream.of(text(json).split(" "))
                        .filter(name -> !name.isEmpty())
                        .<JsonElement>map(JsonPrimitive::new)
                        .toList();
        return names.stream()
                .map(name -> oneOf(name, Arrays.asList(DebugOption.values()), ArgumentFormat::type))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String type(Enum<?> strategy) {
        return strategy.name().toLowerCase(Locale.ROOT);
    }

    private static JsonElement named(String argument, String type, Object value) {
        if (type.equals("custom")) {
            throw new IllegalStateException(
                    "toJson: " + argument + " is one of your own, " + value + ", which has no Hugging Face name");
        }
        return new JsonPrimitive(type);
    }

    private static <T> T oneOf(JsonElement json, List<T> values, Function<T, String> type) {
        String text = text(json);
        return values.stream()
                .filter(value -> type.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected one of " + values.stream().map(type).toList()));
    }

    private static String text(JsonElement json) {
        if (json instanceof JsonPrimitive text && text.isString()) {
            return text.getAsString();
        }
        throw new IllegalArgumentException("expected a string");
    }

    private static Object setting(JsonElement json) {
        return json instanceof JsonPrimitive text && text.isString() ? text.getAsString() : number(json);
    }

    private static boolean flag(JsonElement json) {
        if (json instanceof JsonPrimitive flag && flag.isBoolean()) {
            return flag.getAsBoolean();
        }
        throw new IllegalArgumentException("expected true or false");
    }

    private static double number(JsonElement json) {
        if (json instanceof JsonPrimitive number && number.isNumber()) {
            return number.getAsDouble();
        }
        throw new IllegalArgumentException("expected a number");
    }

    private static long whole(JsonElement json) {
        if (json instanceof JsonPrimitive number && number.isNumber()) {
            try {
                return new BigDecimal(number.getAsString()).longValueExact();
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("expected a whole number", e);
            }
        }
        throw new IllegalArgumentException("expected a whole number");
    }
}
