package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every page in Markdown shows code that is compiled and run by a test, and links to what is there. {@code -Dpages.update=true}
 * writes the code into the pages again.
 */
class PagesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TestFactory
    Stream<DynamicTest> codeIsARegionOfATestedSource() throws IOException {
        return pages().map(page -> DynamicTest.dynamicTest(ROOT.relativize(page).toString(), () -> {
            String shown = Files.readString(page);
            String fresh = Page.of(ROOT, page).withFreshCode();
            if (Boolean.getBoolean("pages.update") && !shown.equals(fresh)) {
                Files.writeString(page, fresh);
            } else {
                assertThat(shown)
                        .as(
                                "%s; refresh it with: mvn -o -pl examples -am -Dtest=PagesTest"
                                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dpages.update=true test",
                                page)
                        .isEqualTo(fresh);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> linksLeadSomewhere() throws IOException {
        return pages().map(page -> DynamicTest.dynamicTest(
                ROOT.relativize(page).toString(),
                () -> assertThat(Page.of(ROOT, page).deadLinks()).isEmpty()));
    }

    @Test
    void codeFromNowhereIsFound() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target"), "pages");
        Path page = Files.writeString(folder.resolve("page.md"), "Look:\n\n```java\nint x = 1;\n```\n");

        assertThatThrownBy(() -> Page.of(ROOT, page).withFreshCode())
                .hasMessageContaining("page.md:3")
                .hasMessageContaining("<!-- source: ");
    }

    @Test
    void staleCodeIsReplaced() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target"), "pages");
        Path source = Files.createDirectories(folder.resolve("src/test/java")).resolve("Sum.java");
        Files.writeString(
                source,
                "class Sum {\n    // #region add\n    int add() {\n        return 2;\n    }\n    // #endregion add\n}\n");
        Path page = Files.writeString(
                folder.resolve("page.md"),
                "# Sum\n\n<!-- source: src/test/java/Sum.java#add -->\n```java\nint add() { return 1; }\n```\nDone.\n");

        assertThat(Page.of(folder, page).withFreshCode())
                .isEqualTo("# Sum\n\n<!-- source: src/test/java/Sum.java#add -->\n"
                        + "```java\nint add() {\n    return 2;\n}\n```\nDone.\n");
    }

    @Test
    void aLinkToAHeadingThatIsGoneIsFound() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target"), "pages");
        Files.writeString(
                folder.resolve("other.md"), "# Other\n\n## The `loss`, step by step\n\n<a id=\"seed\"></a>\n");
        Path page = Files.writeString(
                folder.resolve("page.md"),
                "[a](other.md#the-loss-step-by-step) [b](other.md#gone) [c](none.md) [d](other.md#seed) [e](https://x.org)\n");

        assertThat(Page.of(folder, page).deadLinks()).containsExactly("page.md:1: other.md#gone", "page.md:1: none.md");
    }

    private static Stream<Path> pages() throws IOException {
        List<Path> roots = List.of(ROOT.resolve("docs"), ROOT.resolve("site"));
        Stream<Path> own = Stream.of("README.md", "CONTRIBUTING.md", "benchmarks/README.md")
                .map(ROOT::resolve);
        return Stream.concat(own, roots.stream().flatMap(PagesTest::markdown)).sorted();
    }

    private static Stream<Path> markdown(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().contains("node_modules"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
