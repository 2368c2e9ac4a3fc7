package io.bertfinetune.ort.heads;

import io.bertfinetune.data.Tensor;
import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import io.bertfinetune.text.Tokenizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Encodes texts and fills them up to one length: Hugging Face's {@code DataCollatorWithPadding}.
 *
 * @param tokenizer cuts the texts
 * @param maxLength the most tokens a text may have
 */
public record TextEncoder(Tokenizer tokenizer, int maxLength) {
    /** The tensors {@code input_ids}, {@code attention_mask} and {@code token_type_ids}, each {@code [batch, sequence]}. */
    Map<String, Tensor> tensors(List<Text> texts, Padding padding) {
        List<Encoding> encodings = tokenizer.encodeAll(texts, maxLength);
        int longest = encodings.stream().mapToInt(Encoding::length).max().orElse(1);
        int width = switch (padding) {
            case LONGEST -> longest;
            case MAX_LENGTH -> maxLength;
        };
        long[] ids = new long[texts.size() * width];
        long[] mask = new long[ids.length];
        long[] types = new long[ids.length];
        Arrays.fill(ids, tokenizer.padId());
        for (int row = 0; row < encodings.size(); row++) {
            Encoding encoding = encodings.get(row);
            copy(encoding.ids(), ids, row * width);
            copy(encoding.attentionMask(), mask, row * width);
            copy(encoding.tokenTypeIds(), types, row * width);
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("input_ids", Tensor.ofLongs(ids, texts.size(), width));
        tensors.put("attention_mask", Tensor.ofLongs(mask, texts.size(), width));
        tensors.put("token_type_ids", Tensor.ofLongs(types, texts.size(), width));
        return tensors;
    }

    private static void copy(int[] from, long[] to, int at) {
        for (int i = 0; i < from.length; i++) {
            to[at + i] = from[i];
        }
    }
}
