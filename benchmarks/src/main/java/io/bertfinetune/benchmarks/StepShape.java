package io.bertfinetune.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shape of a step.
 *
 * @param batch how many examples
 * @param length how many tokens each has
 */
record StepShape(int batch, int length) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})x(\\d{1,6})");

    /** Reads {@code 16x128,32x64}. */
    static List<StepShape> list(String text) {
        return Arrays.stream(text.split(",")).map(StepShape::of).toList();
    }

    private static StepShape of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("shapes is '" + text + "', expected BATCHxLENGTH as in 16x128");
        }
        return new StepShape(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }
}
