package io.bertfinetune.text;

/** To which length the texts of a batch are filled up; Hugging Face's {@code padding}. */
public enum Padding {
    /** To the longest text of the batch: the least work. */
    LONGEST,
    /** To the model's maximal length: every batch has the same shape. */
    MAX_LENGTH
}
