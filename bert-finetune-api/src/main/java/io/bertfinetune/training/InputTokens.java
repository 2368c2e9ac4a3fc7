package io.bertfinetune.training;

/** Which tokens of the training data a run counts; Hugging Face's {@code include_num_input_tokens_seen}. */
public enum InputTokens {
    /** None. */
    NO,
    /** All that go through the model, padding too. */
    ALL,
    /** All but padding. */
    NON_PADDING
}
