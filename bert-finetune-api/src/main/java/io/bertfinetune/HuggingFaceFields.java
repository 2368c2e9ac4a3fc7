package io.bertfinetune;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of Hugging Face's {@code TrainingArguments} (transformers 5.18) that are no arguments here, each with its
 * default as {@code to_json_string} writes it. A file that leaves them there loses nothing when they are left out.
 */
final class HuggingFaceFields {
    private static final JsonObject INITIAL = JsonParser.parseString("""
            {
              "optim_target_modules": null, "average_tokens_across_devices": true,
              "fp16_full_eval": false, "gradient_checkpointing": false,
              "gradient_checkpointing_kwargs": null, "torch_compile": false, "torch_compile_backend": null,
              "torch_compile_mode": null, "use_liger_kernel": false, "liger_kernel_config": null, "use_cache": false,
              "neftune_noise_alpha": null, "torch_empty_cache_steps": null,
              "log_on_each_node": true, "logging_nan_inf_filter": true,
              "log_level": "passive", "log_level_replica": "warning", "disable_tqdm": false, "report_to": [],
              "project": "huggingface", "trackio_space_id": null, "trackio_bucket_id": null,
              "trackio_static_space_id": null, "eval_do_concat_batches": true, "eval_use_gather_object": false,
              "eval_accumulation_steps": null, "include_for_metrics": [], "batch_eval_metrics": false,
              "save_on_each_node": false, "push_to_hub": false,
              "hub_token": "<HUB_TOKEN>", "hub_private_repo": null, "hub_model_id": null,
              "hub_strategy": "every_save", "hub_always_push": false, "hub_revision": null,
              "greater_is_better": null,
              "ignore_data_skip": false, "restore_callback_states_from_checkpoint": false,
              "full_determinism": false,
              "accelerator_config": {
                "split_batches": false, "dispatch_batches": null, "even_batches": true,
                "use_seedable_sampler": true, "non_blocking": false, "gradient_accumulation_kwargs": null
              },
              "parallelism_config": null, "dataloader_num_workers": 0, "dataloader_pin_memory": true,
              "dataloader_persistent_workers": false, "dataloader_multiprocessing_context": null,
              "dataloader_in_order": true, "remove_unused_columns": true, "label_names": null,
              "length_column_name": "length", "ddp_find_unused_parameters": null, "ddp_bucket_cap_mb": null,
              "ddp_broadcast_buffers": null, "ddp_static_graph": null, "ddp_backend": null, "ddp_timeout": 1800,
              "fsdp": null, "fsdp_config": null, "deepspeed": null,
              "do_train": false, "do_eval": false, "do_predict": false, "resume_from_checkpoint": null,
              "local_rank": -1
            }
            """).getAsJsonObject();

    /**
     * Flags of scripts, which the Trainer does not look at; {@code do_eval} is set wherever anything is evaluated. Whether
     * more of a metric is better, the metric says here; the state of callbacks is always restored, runs are always
     * deterministic, a loss that is not finite always ends a run; and how batches come from there to here and whether
     * there is a bar changes no number.
     */
    private static final Set<String> SAY_NOTHING = Set.of(
            "do_train",
            "do_eval",
            "do_predict",
            "greater_is_better",
            "restore_callback_states_from_checkpoint",
            "full_determinism",
            "logging_nan_inf_filter",
            "disable_tqdm",
            "dataloader_num_workers",
            "dataloader_pin_memory",
            "dataloader_persistent_workers");

    private HuggingFaceFields() {}

    /** The default of a field; empty if Hugging Face has no such field. */
    static Optional<JsonElement> initial(String field) {
        return Optional.ofNullable(INITIAL.get(field));
    }

    /** Whether a value changes nothing: null, the default, the default as a script writes it ({@code "none"}), or a flag. */
    static boolean saysNothing(String field, JsonElement value) {
        if (SAY_NOTHING.contains(field)) {
            return true;
        }
        JsonElement initial = INITIAL.get(field);
        return value.isJsonNull() || value.equals(initial) || (isEmpty(initial) && isNone(value));
    }

    private static boolean isEmpty(JsonElement initial) {
        return initial instanceof JsonArray array && array.isEmpty();
    }

    private static boolean isNone(JsonElement value) {
        return value.equals(new JsonPrimitive("none")) || value.equals(new JsonPrimitive(""));
    }
}
