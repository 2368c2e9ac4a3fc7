package io.bertfinetune.ort.tokenizer;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM of its own, for what happens once a JVM or ends one. */
final class ChildJvm {
    private static final List<String> DJL_VARIABLES =
            List.of("OPT_OUT_TRACKING", "RUST_FLAVOR", "DJL_OFFLINE", "DJL_CACHE_DIR", "ENGINE_CACHE_DIR");

    private ChildJvm() {}

    /**
     * What a run came to.
     *
     * @param exit the exit status
     * @param output standard output and error
     */
    record Result(int exit, String output) {}

    /** Runs a main class with these JVM options, and these folders before the class path. */
    static Result run(Class<?> main, Path work, List<Path> first, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-XX:ErrorFile=" + work.resolve("hs_err.log"));
        command.add("-XX:-CreateCoredumpOnCrash");
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(Stream.concat(first.stream().map(Path::toString), Stream.of(System.getProperty("java.class.path")))
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(main.getName());
        try {
            Path output = work.resolve("output.txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().keySet().removeAll(DJL_VARIABLES);
            Process process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("The child JVM hangs: " + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
