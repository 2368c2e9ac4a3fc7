package io.bertfinetune.ort.tokenizer;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.error.ModelFormatException;
import java.util.Map;

/** Reads the tokenizer of a model folder. */
public final class OrtTokenizers {
    private OrtTokenizers() {}

    /**
     * Reads a tokenizer from {@code tokenizer.json}, or if there is none from {@code vocab.txt}, as Hugging Face's
     * {@code BertTokenizer} does.
     *
     * <p>What {@code tokenizer_config.json} says about {@code do_lower_case}, {@code strip_accents} and
     * {@code tokenize_chinese_chars} holds, whatever {@code tokenizer.json} says, unless its {@code tokenizer_class} is
     * the general {@code PreTrainedTokenizerFast}. Where it is silent, {@code tokenizer.json} decides. A
     * {@code vocab.txt} alone is read with Hugging Face's defaults (lower case, accents stripped with it, Chinese
     * characters apart), but if it holds words with capital letters they stay: its model knows them.
     *
     * <p>The names of the special tokens come from {@code tokenizer_config.json}, then
     * {@code special_tokens_map.json}, then BERT: {@code [PAD]}, {@code [UNK]}, {@code [CLS]}, {@code [SEP]}; each must
     * be in the vocabulary. Settings for truncation and padding in {@code tokenizer.json} are ignored.
     *
     * <p>Tokens beside a {@code vocab.txt} come from {@code added_tokens_decoder} in {@code tokenizer_config.json}, or if
     * that is not there from {@code added_tokens.json}. They are numbered on from the vocabulary in the order of the ids
     * they are given.
     *
     * @param files the files by name; others than those named here are ignored
     * @param source where they come from, for error messages
     * @return the tokenizer, to be closed by the caller
     * @throws ModelFormatException if a file is missing or is not what it should be
     * @throws EngineException if the native library cannot run here
     */
    public static CloseableTokenizer read(Map<String, byte[]> files, String source) {
        TokenizerConfig config = TokenizerConfig.read(files, source);
        return NativeTokenizer.open(TokenizerJson.read(files, config, source));
    }
}
