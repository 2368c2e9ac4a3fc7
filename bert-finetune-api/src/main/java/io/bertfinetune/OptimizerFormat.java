package io.bertfinetune;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.bertfinetune.optim.Adafactor;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.Sgd;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An optimizer as Hugging Face writes it: its name, {@code optim_args} for what SGD is told, and AdamW's three numbers.
 * These are arguments too, and reading leaves them to themselves.
 */
final class OptimizerFormat implements ArgumentFormat<Optimizer> {
    /** The field of what an optimizer is told; {@code momentum=0.9,nesterov=True} for example. */
    static final String ARGS = "optim_args";

    static final String ADAMW = "adamw_torch";

    private static final Set<String> TRUE = Set.of("true", "1", "yes");

    @Override
    public Optimizer read(String field, JsonObject all) {
        String name = all.get(field) instanceof JsonPrimitive text ? text.getAsString() : "";
        Map<String, String> args = args(all.has(ARGS) ? all.get(ARGS) : JsonNull.INSTANCE);
        return switch (name) {
            case ADAMW, "adamw_torch_fused" -> {
                requireAmong(List.of(), args, name);
                yield AdamW.defaults();
            }
            case "adafactor" -> {
                requireAmong(List.of(), args, name);
                yield Adafactor.defaults();
            }
            case "sgd" -> sgd(args);
            default ->
                throw new IllegalArgumentException("expected one of [adamw_torch, adamw_torch_fused, sgd, adafactor]");
        };
    }

    private static Sgd sgd(Map<String, String> args) {
        requireAmong(List.of("momentum", "nesterov"), args, "sgd");
        String momentum = args.getOrDefault("momentum", "0");
        try {
            return new Sgd(Double.parseDouble(momentum), TRUE.contains(args.getOrDefault("nesterov", "")));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected momentum in " + ARGS + " to be a number, found " + momentum, e);
        }
    }

    private static void requireAmong(List<String> known, Map<String, String> args, String name) {
        for (String arg : args.keySet()) {
            if (!known.contains(arg)) {
                throw new IllegalArgumentException(
                        "expected " + ARGS + " of " + name + " to be among " + known + ", found " + arg);
            }
        }
    }

    private static Map<String, String> args(JsonElement json) {
        Map<String, String> args = new LinkedHashMap<>();
        if (json.isJsonNull()) {
            return args;
        }
        String text =
                json instanceof JsonPrimitive string ? string.getAsString().replace(" ", "") : "?";
        if (text.isEmpty()) {
            return args;
        }
        for (String each : text.split(",", -1)) {
            int equals = each.indexOf('=');
            if (equals < 1 || args.containsKey(each.substring(0, equals))) {
                throw new IllegalArgumentException(
                        "expected " + ARGS + " like momentum=0.9,nesterov=True, each once, found " + json);
            }
            args.put(each.substring(0, equals), each.substring(equals + 1).toLowerCase(Locale.ROOT));
        }
        return args;
    }

    @Override
    public void write(String field, Optimizer optimizer, JsonObject into) {
        into.add(ARGS, JsonNull.INSTANCE);
        if (optimizer instanceof AdamW adamW) {
            into.addProperty(field, ADAMW);
            into.addProperty(Argument.ADAM_BETA1.field(), adamW.beta1());
            into.addProperty(Argument.ADAM_BETA2.field(), adamW.beta2());
            into.addProperty(Argument.ADAM_EPSILON.field(), adamW.epsilon());
        } else if (optimizer instanceof Sgd sgd) {
            into.addProperty(field, "sgd");
            if (sgd.momentum() > 0) {
                String nesterov = sgd.nesterov() ? ",nesterov=True" : "";
                into.addProperty(ARGS, "momentum=" + sgd.momentum() + nesterov);
            }
        } else if (optimizer.equals(Adafactor.defaults())) {
            into.addProperty(field, "adafactor");
        } else {
            throw new IllegalStateException("toJson: optim is " + optimizer + ", which has no Hugging Face name");
        }
    }
}
