package io.bertfinetune.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthGroupsTest {
    private record Case(int batchSize, int[] lengths, int[] permutation, int[] order) {}

    /** Made by oracle/length_groups.py. */
    @Test
    void ordersAreThoseOfTransformersForTheSamePermutation() throws IOException {
        for (Case golden : golden()) {
            int[] order = LengthGroups.group(golden.permutation, golden.batchSize, i -> golden.lengths[i]);

            assertThat(order)
                    .as(golden.lengths.length + " examples in batches of " + golden.batchSize)
                    .isEqualTo(golden.order);
        }
    }

    @Test
    void nothingIsAnOrderOfNothing() {
        assertThat(LengthGroups.group(new int[0], 8, i -> 1)).isEmpty();
    }

    @Test
    void manyExamplesInHugeBatchesAreSorted() {
        int[] permutation = IntStream.range(0, 1000).toArray();

        int[] order = LengthGroups.group(permutation, Integer.MAX_VALUE, i -> i);

        assertThat(order).isEqualTo(IntStream.range(0, 1000).map(i -> 999 - i).toArray());
    }

    private static List<Case> golden() throws IOException {
        try (Reader reader = new InputStreamReader(
                LengthGroupsTest.class.getResourceAsStream("/golden/length_groups.json"), StandardCharsets.UTF_8)) {
            JsonObject json = JsonParser.parseReader(reader).getAsJsonObject();
            JsonArray cases = json.getAsJsonArray("cases");
            List<Case> all = new ArrayList<>();
            cases.forEach(each -> all.add(new Case(
                    each.getAsJsonObject().get("batch_size").getAsInt(),
                    ints(each.getAsJsonObject(), "lengths"),
                    ints(each.getAsJsonObject(), "permutation"),
                    ints(each.getAsJsonObject(), "order"))));
            return all;
        }
    }

    private static int[] ints(JsonObject json, String name) {
        return new Gson().fromJson(json.get(name), int[].class);
    }
}
