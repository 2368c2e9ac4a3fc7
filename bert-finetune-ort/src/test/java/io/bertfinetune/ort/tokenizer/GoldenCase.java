package io.bertfinetune.ort.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Text;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A text and what Hugging Face's tokenizer makes of it (golden/tokenizer.json).
 *
 * @param expected the case as the script wrote it
 */
record GoldenCase(JsonObject expected) {
    static Stream<GoldenCase> all() {
        JsonObject golden = Fixtures.json(Fixtures.resource("/golden/tokenizer.json"));
        return StreamSupport.stream(golden.getAsJsonArray("cases").spliterator(), false)
                .map(value -> new GoldenCase(value.getAsJsonObject()));
    }

    Text text() {
        String text = expected.get("text").getAsString();
        JsonElement pair = expected.get("pair");
        return pair.isJsonNull() ? Text.of(text) : Text.pair(text, pair.getAsString());
    }

    int maxLength() {
        JsonElement length = expected.get("max_length");
        return length.isJsonNull() ? Integer.MAX_VALUE : length.getAsInt();
    }

    void check(Encoding encoding) {
        assertThat(encoding.ids()).containsExactly(ints("input_ids"));
        assertThat(encoding.tokenTypeIds()).containsExactly(ints("token_type_ids"));
        assertThat(encoding.attentionMask()).containsExactly(ints("attention_mask"));
        assertThat(encoding.tokens()).isEqualTo(List.of(new Gson().fromJson(expected.get("tokens"), String[].class)));
        assertThat(encoding.source()).isEqualTo(sources());
    }

    private int[] ints(String key) {
        return new Gson().fromJson(expected.get(key), int[].class);
    }

    private List<Encoding.Token> sources() {
        JsonArray words = expected.getAsJsonArray("word_ids");
        int[][] offsets = new Gson().fromJson(expected.get("offsets"), int[][].class);
        return Stream.iterate(0, i -> i < offsets.length, i -> i + 1)
                .map(i -> new Encoding.Token(
                        offsets[i][0],
                        offsets[i][1],
                        words.get(i).isJsonNull() ? -1 : words.get(i).getAsInt()))
                .toList();
    }

    @Override
    public String toString() {
        return expected.get("text").toString();
    }
}
