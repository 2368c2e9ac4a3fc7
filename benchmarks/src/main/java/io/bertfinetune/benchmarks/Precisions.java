package io.bertfinetune.benchmarks;

import io.bertfinetune.model.Precision;
import java.util.Arrays;
import java.util.Locale;

/** Precisions by the names a command line has for them. */
final class Precisions {
    private Precisions() {}

    static Precision of(String name) {
        return Arrays.stream(Precision.values())
                .filter(each -> name(each).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "precision is '" + name + "', expected float32, bfloat16 or float16"));
    }

    static String name(Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }
}
