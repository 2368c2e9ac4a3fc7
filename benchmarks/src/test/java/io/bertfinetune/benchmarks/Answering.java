package io.bertfinetune.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A side that always takes as long, or stops when it is asked to work. */
final class Answering {
    private Answering() {}

    /** Takes part with this loss; {@code ms} is what every answer says, or {@code stop}. */
    static Contestant contestant(String name, double loss, String ms) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("java.class.path");
        return new Contestant(
                name, List.of(java, "-cp", classes, Answering.class.getName(), Double.toString(loss), ms), 1, false);
    }

    public static void main(String... args) throws IOException {
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("{\"threads\": 1, \"versions\": {}, \"facts\": {\"loss\": " + args[0] + "}}");
        while (requests.readLine() != null) {
            if (args[1].equals("stop")) {
                System.err.println("stopped on purpose");
                return;
            }
            System.out.println("{\"ms\": " + args[1] + "}");
        }
    }
}
