package io.bertfinetune.ort.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.error.EngineException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class NativesTest {
    @Test
    void theOnlyBuildIsUsed() {
        assertThat(choose(false, "", NativeBuild.MICROSOFT)).isEqualTo(NativeBuild.MICROSOFT);
        assertThat(choose(true, "", NativeBuild.BYTEDECO_GPU)).isEqualTo(NativeBuild.BYTEDECO_GPU);
    }

    @Test
    void theBuildForTheProcessorIsNoRivalOfTheOneForCuda() {
        assertThat(choose(true, "", NativeBuild.MICROSOFT, NativeBuild.MICROSOFT_GPU))
                .isEqualTo(NativeBuild.MICROSOFT_GPU);
    }

    @Test
    void severalBuildsAreAmbiguous() {
        assertThatThrownBy(() -> choose(false, "", NativeBuild.MICROSOFT, NativeBuild.BYTEDECO))
                .isInstanceOf(EngineException.class)
                .hasMessage("several builds of ONNX Runtime are on the class path: [microsoft, bytedeco]; keep one, or"
                        + " choose with -Dio.bertfinetune.natives=microsoft");
    }

    @Test
    void theChosenBuildIsUsed() {
        assertThat(choose(false, "bytedeco", NativeBuild.MICROSOFT, NativeBuild.BYTEDECO))
                .isEqualTo(NativeBuild.BYTEDECO);
    }

    @Test
    void aChosenBuildMustBeThere() {
        assertThatThrownBy(() -> choose(false, "bytedeco", NativeBuild.MICROSOFT))
                .isInstanceOf(EngineException.class)
                .hasMessage("ONNX Runtime's build bytedeco is not on the class path; add org.bytedeco:onnxruntime,"
                        + " classifier linux-x86_64; found [microsoft]");
    }

    @Test
    void aChosenBuildMustHaveCudaIfCudaIsWanted() {
        assertThatThrownBy(() -> choose(true, "microsoft", NativeBuild.MICROSOFT, NativeBuild.MICROSOFT_GPU))
                .isInstanceOf(EngineException.class)
                .hasMessage("io.bertfinetune.natives=microsoft: this build of ONNX Runtime has no CUDA");
    }

    @Test
    void withoutCudaOnTheClassPathTheArtifactIsNamed() {
        assertThatThrownBy(() -> choose(true, "", NativeBuild.MICROSOFT))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("microsoft-gpu")
                .hasMessageContaining("com.microsoft.onnxruntime:onnxruntime_gpu")
                .hasMessageContaining("found [microsoft]");
    }

    @Test
    void wordsOfBuildsAreKnown() {
        assertThat(NativeBuild.values())
                .allSatisfy(build -> assertThat(NativeBuild.of(build.word())).isEqualTo(build));
        assertThatThrownBy(() -> NativeBuild.of("intel"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("intel")
                .hasMessageContaining("[microsoft, microsoft-gpu, bytedeco, bytedeco-gpu]");
    }

    @ParameterizedTest
    @CsvSource({"MICROSOFT, libonnxruntime.so", "BYTEDECO, libonnxruntime.so.1 libonnxruntime_providers_shared.so"})
    void librariesAreUnpackedOnce(NativeBuild build, String names, @TempDir Path cache) throws IOException {
        NativeFiles files = NativeFiles.onClassPath().get(build);
        Path core = files.keep(new UnpackedOnce(cache));
        FileTime written = Files.getLastModifiedTime(core);

        assertThat(files.keep(new UnpackedOnce(cache))).isEqualTo(core);
        assertThat(Files.getLastModifiedTime(core)).isEqualTo(written);
        assertThat(core.getParent().getFileName().toString()).startsWith("onnxruntime-" + build.word() + "-");
        try (Stream<Path> kept = Files.list(core.getParent())) {
            assertThat(kept.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names.split(" "));
        }
    }

    @Test
    void nothingIsLeftOnTheDiskWhereTheyCannotBeKept(@TempDir Path folder) throws IOException {
        NativeFiles files = NativeFiles.onClassPath().get(NativeBuild.BYTEDECO);
        Path noFolder = Files.writeString(folder.resolve("cache"), "a file");

        Path core =
                Natives.openKept(files, new UnpackedOnce(noFolder)).getFile().toPath();
        files.delete();

        assertThat(core.getParent().getFileName().toString()).startsWith("bert-finetune-onnxruntime-");
        assertThat(core.getParent()).doesNotExist();
        assertThat(noFolder).hasContent("a file");
    }

    @Test
    void isLoadedOnce() {
        assertThat(Natives.load(NativeBuild.MICROSOFT)).isSameAs(Natives.load(NativeBuild.MICROSOFT));
    }

    @Test
    void copiesAreForThisUserAlone() throws IOException {
        NativeFiles files = NativeFiles.onClassPath().get(NativeBuild.BYTEDECO);

        Path core = files.extract();

        assertThat(Files.getPosixFilePermissions(core.getParent())).hasSize(3);
        try (Stream<Path> copies = Files.list(core.getParent())) {
            assertThat(copies.map(copy -> copy.getFileName().toString()))
                    .containsExactlyInAnyOrder("libonnxruntime.so.1", "libonnxruntime_providers_shared.so");
        }
        files.delete();
        assertThat(core.getParent()).doesNotExist();
    }

    @Test
    void microsoftsTwoBuildsAreToldApartByTheirJars(@TempDir Path folder) throws IOException {
        Path jar = folder.resolve("gpu.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of("onnxruntime", "onnxruntime_providers_shared", "onnxruntime_providers_cuda")) {
                zip.putNextEntry(new ZipEntry("ai/onnxruntime/native/linux-x64/lib" + name + ".so"));
                zip.write(name.getBytes(StandardCharsets.UTF_8));
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);

            Map<NativeBuild, NativeFiles> found = NativeFiles.onClassPath();

            assertThat(found).containsOnlyKeys(NativeBuild.MICROSOFT, NativeBuild.MICROSOFT_GPU, NativeBuild.BYTEDECO);
            Path core = found.get(NativeBuild.MICROSOFT_GPU).extract();
            assertThat(core).hasContent("onnxruntime");
            assertThat(core.resolveSibling("libonnxruntime_providers_cuda.so"))
                    .hasContent("onnxruntime_providers_cuda");
            found.get(NativeBuild.MICROSOFT_GPU).delete();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void aClassPathThatCannotBeSearchedIsAnEngineException() {
        ClassLoader broken = new ClassLoader(null) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                throw new IOException("zip END header not found");
            }
        };

        assertThatThrownBy(() -> NativeFiles.resources(broken, "libonnxruntime.so"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("libonnxruntime.so")
                .hasMessageContaining("zip END header not found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.24.0", "1.24.1", "1.28.0", "2.0.0", "1.30.0-dev"})
    void supportedVersionsAreTaken(String version) {
        OrtApi.requireSupported(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.23.2", "1.9.0", "none"})
    void olderVersionsAreRefused(String version) {
        assertThatThrownBy(() -> OrtApi.requireSupported(version))
                .isInstanceOf(EngineException.class)
                .hasMessage("the native library is ONNX Runtime " + version
                        + ", expected 1.24 or newer; is there an older onnxruntime on the class path?");
    }

    @Test
    void versionsOfTheBuildsAreRead() {
        assertThat(Natives.load(NativeBuild.MICROSOFT).env().api().version()).isEqualTo("1.28.0");
        assertThat(Natives.load(NativeBuild.BYTEDECO).env().api().version()).isEqualTo("1.24.1");
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, ai/onnxruntime/native/linux-x64/libonnxruntime.so, org/bytedeco/onnxruntime/linux-x86_64/libonnxruntime.so.1",
        "Linux, aarch64, ai/onnxruntime/native/linux-aarch64/libonnxruntime.so, org/bytedeco/onnxruntime/linux-arm64/libonnxruntime.so.1",
        "Mac OS X, aarch64, ai/onnxruntime/native/osx-aarch64/libonnxruntime.dylib, org/bytedeco/onnxruntime/macosx-arm64/libonnxruntime.dylib",
        "Windows 11, amd64, ai/onnxruntime/native/win-x64/onnxruntime.dll, org/bytedeco/onnxruntime/windows-x86_64/onnxruntime.dll"
    })
    void everyPlatformHasItsNames(String os, String processor, String microsoft, String bytedeco) {
        Platform platform = Platform.of(os, processor).orElseThrow();

        assertThat(NativeBuild.MICROSOFT.folder(platform) + NativeBuild.MICROSOFT.core(platform))
                .isEqualTo(microsoft);
        assertThat(NativeBuild.BYTEDECO.folder(platform) + NativeBuild.BYTEDECO.core(platform))
                .isEqualTo(bytedeco);
    }

    @Test
    void otherPlatformsHaveNone() {
        assertThat(Platform.of("AIX", "ppc64")).isEmpty();
        assertThat(Platform.of("Linux", "s390x")).isEmpty();
    }

    private static NativeBuild choose(boolean cuda, String chosen, NativeBuild... available) {
        return Natives.choose(
                cuda, chosen.isEmpty() ? Optional.empty() : Optional.of(NativeBuild.of(chosen)), List.of(available));
    }
}
