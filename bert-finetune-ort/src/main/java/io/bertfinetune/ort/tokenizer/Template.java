package io.bertfinetune.ort.tokenizer;

import static java.util.Objects.requireNonNull;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.stream.Stream;

/** BERT's special tokens around a text and a pair, as the post-processor of a {@code tokenizer.json}. */
final class Template {
    private Template() {}

    /** {@code [CLS] A [SEP]} and {@code [CLS] A [SEP] B [SEP]}, with token type 1 from B on. */
    static JsonObject of(String cls, String sep, Map<String, Integer> vocabulary) {
        JsonObject template = new JsonObject();
        template.addProperty("type", "TemplateProcessing");
        template.add("single", list(special(cls, 0), sequence("A", 0), special(sep, 0)));
        template.add(
                "pair", list(special(cls, 0), sequence("A", 0), special(sep, 0), sequence("B", 1), special(sep, 1)));
        JsonObject ids = new JsonObject();
        Stream.of(cls, sep).forEach(token -> ids.add(token, idOf(token, requireNonNull(vocabulary.get(token)))));
        template.add("special_tokens", ids);
        return template;
    }

    private static JsonObject special(String token, int type) {
        return piece("SpecialToken", token, type);
    }

    private static JsonObject sequence(String name, int type) {
        return piece("Sequence", name, type);
    }

    private static JsonObject piece(String kind, String id, int type) {
        JsonObject inner = new JsonObject();
        inner.addProperty("id", id);
        inner.addProperty("type_id", type);
        JsonObject piece = new JsonObject();
        piece.add(kind, inner);
        return piece;
    }

    private static JsonObject idOf(String token, Integer id) {
        JsonArray ids = new JsonArray();
        ids.add(id);
        JsonArray tokens = new JsonArray();
        tokens.add(token);
        JsonObject entry = new JsonObject();
        entry.addProperty("id", token);
        entry.add("ids", ids);
        entry.add("tokens", tokens);
        return entry;
    }

    private static JsonArray list(JsonObject... pieces) {
        JsonArray list = new JsonArray();
        Stream.of(pieces).forEach(list::add);
        return list;
    }
}
