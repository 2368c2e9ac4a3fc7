package io.bertfinetune.ort.capi;

import io.bertfinetune.error.EngineException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** An operating system and a processor, in the words of the artifacts. */
record Platform(String os, String processor) {
    /** This machine's; empty where no build runs. */
    static Optional<Platform> here() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Optional<Platform> of(String osName, String osArch) {
        String name = osName.toLowerCase(Locale.ROOT);
        String os =
                name.contains("linux") ? "linux" : name.contains("mac") ? "osx" : name.contains("windows") ? "win" : "";
        String processor = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64", "arm64" -> "aarch64";
            default -> "";
        };
        return os.isEmpty() || processor.isEmpty() ? Optional.empty() : Optional.of(new Platform(os, processor));
    }

    static Platform required() {
        return here().orElseThrow(() -> new EngineException("ONNX Runtime has no native library for "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch")));
    }

    String microsoft() {
        return os + "-" + processor;
    }

    String bytedeco() {
        String system = os.equals("osx") ? "macosx" : os.equals("win") ? "windows" : os;
        return system + "-" + (processor.equals("x64") ? "x86_64" : "arm64");
    }

    String file(String library) {
        return switch (os) {
            case "win" -> library + ".dll";
            case "osx" -> "lib" + library + ".dylib";
            default -> "lib" + library + ".so";
        };
    }

    String cudaProvider() {
        return file("onnxruntime_providers_cuda");
    }

    String coreOfBytedeco() {
        return os.equals("linux") ? "libonnxruntime.so.1" : file("onnxruntime");
    }

    /** The flags a library is opened with so that its symbols stay its own; Windows has none, and no such trouble. */
    OptionalInt openFlags() {
        int lazy = 1;
        int localOnMac = 4;
        return switch (os) {
            case "win" -> OptionalInt.empty();
            case "osx" -> OptionalInt.of(lazy | localOnMac);
            default -> OptionalInt.of(lazy);
        };
    }
}
