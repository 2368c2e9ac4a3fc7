package io.bertfinetune.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Micrometer may be absent: one class needs it, and only when it is used. */
@AnalyzeClasses(packages = "io.bertfinetune", importOptions = ImportOption.DoNotIncludeTests.class)
class OptionalMicrometerTest {
    @ArchTest
    static final ArchRule onlyItsCallbackKnowsMicrometer = noClasses()
            .that()
            .doNotBelongToAnyOf(MicrometerCallback.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.micrometer..");

    @ArchTest
    static final ArchRule nobodyNeedsItsCallback = noClasses()
            .that()
            .doNotBelongToAnyOf(MicrometerCallback.class)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(MicrometerCallback.class);

    @ArchTest
    static void everyOtherClassLoadsWithoutMicrometer(JavaClasses classes) throws Exception {
        try (URLClassLoader loader = withoutMicrometer()) {
            for (JavaClass each : classes) {
                if (!each.getName().startsWith(MicrometerCallback.class.getName())
                        && !each.getName().endsWith("-info")) {
                    Class<?> loaded = Class.forName(each.getName(), true, loader);
                    assertThat(loaded.getClassLoader()).isSameAs(loader);
                    assertThat(loaded.getDeclaredMethods()).isNotNull(); // reads every signature
                }
            }
        }
    }

    @Test
    void onlyUsingItsCallbackNeedsMicrometer() throws Exception {
        try (URLClassLoader loader = withoutMicrometer()) {
            Class<?> callback = Class.forName(MicrometerCallback.class.getName(), false, loader);

            assertThatThrownBy(callback::getDeclaredMethods)
                    .isInstanceOf(NoClassDefFoundError.class)
                    .hasMessageContaining("io/micrometer/core/instrument/MeterRegistry");
        }
    }

    /** The class path of this test without Micrometer. */
    private static URLClassLoader withoutMicrometer() throws IOException {
        List<String> all = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
        List<String> others =
                all.stream().filter(entry -> !entry.contains("micrometer-")).toList();
        assertThat(others).as("Micrometer was there").hasSizeLessThan(all.size());
        URL[] urls = others.stream().map(OptionalMicrometerTest::url).toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }
}
