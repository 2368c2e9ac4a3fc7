package io.bertfinetune.examples;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import io.bertfinetune.TrainingArguments;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every training argument as a flag, under Hugging Face's name and with its default, so that there is one list of them.
 */
final class TrainingFlags {
    private static final JsonObject DEFAULTS =
            JsonParser.parseString(TrainingArguments.builder().build().toJson()).getAsJsonObject();

    private static final Map<String, String> HELP = Map.ofEntries(
            Map.entry("output_dir", "The folder results are written to"),
            Map.entry("per_device_train_batch_size", "How many examples a micro-batch of training has"),
            Map.entry("per_device_eval_batch_size", "How many examples a batch of evaluation has"),
            Map.entry("num_train_epochs", "How often training goes through the data; may be a fraction"),
            Map.entry("max_steps", "After how many steps training ends; -1 goes by epochs"),
            Map.entry("learning_rate", "The highest learning rate"),
            Map.entry("lr_scheduler_type", "How the learning rate goes on: linear, cosine, constant …"),
            Map.entry("lr_scheduler_kwargs", "Its settings, a JSON object: {\"num_cycles\": 2}"),
            Map.entry("warmup_steps", "How many steps the learning rate rises; below 1 a share of the run"),
            Map.entry("optim", "adamw_torch, by any of its names"),
            Map.entry("adam_beta1", "AdamW's decay rate of the mean of the gradients"),
            Map.entry("adam_beta2", "AdamW's decay rate of the mean of their squares"),
            Map.entry("adam_epsilon", "What AdamW adds to its denominator"),
            Map.entry("weight_decay", "The weight decay of all parameters but biases and LayerNorms"),
            Map.entry("gradient_accumulation_steps", "How many micro-batches make one step"),
            Map.entry("auto_find_batch_size", "Work on parts of a batch that does not fit into memory"),
            Map.entry("bf16", "Compute products in bfloat16, on a device that has it"),
            Map.entry("fp16", "Compute products in float16 with a scaled loss, on a device that has it"),
            Map.entry("bf16_full_eval", "Compute products of evaluations in bfloat16 as well, on a device that has it"),
            Map.entry("tf32", "Let products of 32 bits read fewer of them, on an NVIDIA GPU"),
            Map.entry("max_grad_norm", "The norm gradients are clipped to; 0 for none"),
            Map.entry("logging_strategy", "When training logs: no, steps or epoch"),
            Map.entry("logging_steps", "Every how many steps training logs; below 1 a share of the run"),
            Map.entry("logging_first_step", "Log the first step as well"),
            Map.entry("include_num_input_tokens_seen", "The tokens to count: no, all or non_padding"),
            Map.entry("run_name", "The name of the run in what it prints"),
            Map.entry("eval_strategy", "When to evaluate while training: no, steps or epoch"),
            Map.entry("eval_steps", "Every how many steps to evaluate; as often as it logs unless given"),
            Map.entry("eval_delay", "How many steps or epochs to wait before the first evaluation"),
            Map.entry("prediction_loss_only", "Evaluate the loss and no metric"),
            Map.entry("eval_on_start", "Evaluate before the first step"),
            Map.entry(
                    "save_strategy",
                    "When to save checkpoints: no, steps, epoch or best; steps where output_dir is given"),
            Map.entry("save_steps", "Every how many steps to save a checkpoint; below 1 a share of the run"),
            Map.entry("save_total_limit", "How many checkpoints to keep; 0 for all"),
            Map.entry("save_only_model", "Leave the optimizer's state out of checkpoints"),
            Map.entry("enable_jit_checkpoint", "Save a checkpoint when a SIGTERM ends the run"),
            Map.entry("load_best_model_at_end", "End with the weights of the best evaluation"),
            Map.entry("metric_for_best_model", "The metric that says which evaluation is best"),
            Map.entry("debug", "underflow_overflow names the first tensor that is not finite"),
            Map.entry("skip_memory_metrics", "Say nothing of memory"),
            Map.entry("seed", "The seed of dropout, of a fresh head and of the order of examples"),
            Map.entry("data_seed", "The seed of the order of examples, where it is to be another"),
            Map.entry("dataloader_drop_last", "Leave out a last batch that is not full"),
            Map.entry("dataloader_prefetch_factor", "How many batches are made ahead"),
            Map.entry("train_sampling_strategy", "The order of an epoch: random or sequential"));

    private TrainingFlags() {}

    static List<Flag> all() {
        List<Flag> flags = new ArrayList<>();
        for (Map.Entry<String, JsonElement> field : DEFAULTS.entrySet()) {
            flags.add(flag(field.getKey(), field.getValue()));
        }
        return flags;
    }

    /**
     * The arguments a command line asks for.
     *
     * @throws UsageException if a value does not fit, or two contradict each other
     */
    static TrainingArguments read(Flags flags) {
        JsonObject json = new JsonObject();
        for (Map.Entry<String, JsonElement> field : DEFAULTS.entrySet()) {
            if (flags.has(field.getKey())) {
                json.add(field.getKey(), value(field.getKey(), field.getValue(), flags));
            }
        }
        try {
            return TrainingArguments.fromJson(json.toString());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()).replaceFirst("^fromJson: ", "--"), e);
        }
    }

    private static Flag flag(String name, JsonElement initial) {
        String help = HELP.getOrDefault(name, "A training argument of transformers");
        return initial instanceof JsonPrimitive value && value.isBoolean()
                ? new Flag(name, value.getAsString(), true, help)
                : Flag.of(name, initial.isJsonPrimitive() ? initial.getAsString() : "", help);
    }

    /** What was given, in the type of the default. */
    private static JsonElement value(String name, JsonElement initial, Flags flags) {
        if (initial instanceof JsonPrimitive value && value.isBoolean()) {
            return new JsonPrimitive(flags.is(name));
        }
        if (initial.isJsonArray() || (initial instanceof JsonPrimitive value && value.isString())) {
            return new JsonPrimitive(flags.text(name));
        }
        if (initial.isJsonNull()) {
            return numberOrObject(flags.text(name));
        }
        try {
            return new JsonPrimitive(new BigDecimal(flags.text(name)));
        } catch (NumberFormatException e) {
            throw new UsageException("--" + name + " is '" + flags.text(name) + "', expected a number", e);
        }
    }

    private static JsonElement numberOrObject(String text) {
        try {
            JsonElement json = JsonParser.parseString(text);
            return json.isJsonObject() || json.getAsJsonPrimitive().isNumber() ? json : new JsonPrimitive(text);
        } catch (JsonSyntaxException | IllegalStateException e) {
            return new JsonPrimitive(text);
        }
    }
}
