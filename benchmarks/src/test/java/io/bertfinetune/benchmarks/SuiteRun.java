package io.bertfinetune.benchmarks;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A suite that ran, for tests.
 *
 * @param text what it printed
 * @param json what it wrote
 */
record SuiteRun(String text, String json) {
    /** Runs a suite with these flags; its file of numbers goes into the folder. */
    static SuiteRun of(Suite suite, Path folder, String... flags) throws Exception {
        Path json = folder.resolve("results.json");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        suite.program()
                .run(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                        Stream.concat(Stream.of(flags), Stream.of("--json=" + json))
                                .toArray(String[]::new));
        return new SuiteRun(out.toString(StandardCharsets.UTF_8), Files.readString(json));
    }

    /** The comparisons it wrote. */
    List<JsonObject> comparisons() {
        return objects(JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("comparisons"));
    }

    /** The sides of its first comparison. */
    List<JsonObject> sides() {
        return objects(comparisons().get(0).getAsJsonArray("sides"));
    }

    /** The median of a figure of the library. */
    double ownMedian(String figure) {
        return sides().get(0)
                .getAsJsonObject("figures")
                .getAsJsonObject(figure)
                .get("median")
                .getAsDouble();
    }

    private static List<JsonObject> objects(JsonArray array) {
        return array.asList().stream().map(each -> each.getAsJsonObject()).toList();
    }
}
