package io.bertfinetune.ort.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.bertfinetune.error.ModelFormatException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A file of a model folder, and the errors it is named in.
 *
 * @param source where the folder is, for error messages
 * @param name the name of the file
 */
record ModelFile(String source, String name) {
    /** The text of the file, which must be UTF-8. */
    String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error("is not UTF-8 text", e);
        }
    }

    /** The JSON object the file holds, read as strictly as RFC 8259. */
    JsonObject json(byte[] bytes) {
        JsonReader reader = new JsonReader(new StringReader(text(bytes)));
        reader.setStrictness(Strictness.STRICT);
        try {
            JsonElement root = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw error("is not JSON: something follows at " + reader.getPath());
            }
            if (!root.isJsonObject()) {
                throw error("is not a JSON object");
            }
            return root.getAsJsonObject();
        } catch (JsonParseException | IOException | IllegalStateException e) {
            throw error("is not JSON: " + e.getMessage(), e);
        }
    }

    ModelFormatException error(String what) {
        return new ModelFormatException(source + ": " + name + " " + what);
    }

    ModelFormatException error(String what, Throwable cause) {
        return new ModelFormatException(source + ": " + name + " " + what, cause);
    }
}
