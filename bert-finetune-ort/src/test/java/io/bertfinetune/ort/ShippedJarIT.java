package io.bertfinetune.ort;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What users get: the jar as it is after protobuf was moved into it. */
class ShippedJarIT {
    @Test
    void holdsOurPackagesOnly() throws IOException {
        try (ZipFile jar = open()) {
            List<String> strangers = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> !name.endsWith("/"))
                    .filter(name -> !name.startsWith("io/bertfinetune/ort/") && !name.startsWith("META-INF/"))
                    .toList();

            assertThat(strangers).isEmpty();
        }
    }

    @Test
    void namesProtobufByItsNewNameOnly() throws IOException {
        try (ZipFile jar = open()) {
            List<String> unmoved = new ArrayList<>();
            for (ZipEntry entry : jar.stream().toList()) {
                String bytes = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
                if (entry.getName().endsWith(".class") && bytes.contains("com/google/protobuf/")) {
                    unmoved.add(entry.getName());
                }
            }

            assertThat(unmoved).isEmpty();
            assertThat(jar.getEntry("io/bertfinetune/ort/shaded/protobuf/CodedOutputStream.class"))
                    .isNotNull();
        }
    }

    @Test
    void carriesItsLicences() throws IOException {
        try (ZipFile jar = open()) {
            assertThat(jar.stream().map(ZipEntry::getName))
                    .contains("META-INF/LICENSE", "META-INF/NOTICE", "META-INF/LICENSE-protobuf.txt");
        }
    }

    private static ZipFile open() throws IOException {
        return new ZipFile(System.getProperty("shipped.jar"));
    }
}
