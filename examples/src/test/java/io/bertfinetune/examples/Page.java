package io.bertfinetune.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Markdown. Its blocks of Java and Python are regions of sources:
 *
 * <pre>{@code
 * <!-- source: examples/src/main/java/io/bertfinetune/examples/QuickStart.java#train -->
 * }</pre>
 *
 * stands before a block and {@code // #region train} … {@code // #endregion train} around the lines in the source.
 */
record Page(Path root, Path file, List<String> lines) {
    private static final Pattern SOURCE = Pattern.compile("<!-- source: (\\S+)#(\\S+) -->");
    private static final Pattern CODE = Pattern.compile("```(java|python)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)|(?:href|src)=\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]+)\"|\\{#([\\w-]+)\\}");

    static Page of(Path root, Path file) throws IOException {
        return new Page(root.toAbsolutePath().normalize(), file.toAbsolutePath().normalize(), Files.readAllLines(file));
    }

    /** The page with every block as its source is now. */
    String withFreshCode() throws IOException {
        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            fresh.add(line);
            if (CODE.matcher(line).matches()) {
                Matcher source = SOURCE.matcher(i == 0 ? "" : lines.get(i - 1));
                if (!source.matches()) {
                    throw new AssertionError(at(i) + "code without a source, expected on the line before: "
                            + "<!-- source: examples/src/main/java/…/Name.java#region -->");
                }
                fresh.addAll(region(i, root.resolve(source.group(1)), source.group(2)));
                do {
                    i++;
                } while (!lines.get(i).equals("```"));
                fresh.add("```");
            }
        }
        return String.join("\n", fresh) + "\n";
    }

    /** Links to files or headings that are not there; those to the network are not followed. */
    List<String> deadLinks() throws IOException {
        List<String> dead = new ArrayList<>();
        boolean code = false;
        for (int i = 0; i < lines.size(); i++) {
            code ^= lines.get(i).startsWith("```");
            Matcher link = LINK.matcher(code ? "" : lines.get(i).replaceAll("`[^`]*`", ""));
            while (link.find()) {
                String target = link.group(1) == null ? link.group(2) : link.group(1);
                if (!target.matches("[a-z]+:.*|/.*") && !reaches(target)) {
                    dead.add(at(i) + target);
                }
            }
        }
        return dead;
    }

    private boolean reaches(String target) throws IOException {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path linked = path.isEmpty() ? file : file.resolveSibling(path).normalize();
        if (!Files.exists(linked)) {
            return false;
        }
        return hash < 0 || anchors(linked).contains(target.substring(hash + 1));
    }

    private static List<String> anchors(Path page) throws IOException {
        List<String> anchors = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("#")) {
                anchors.add(line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .strip()
                        .replace(' ', '-'));
            }
            Matcher id = ID.matcher(line);
            while (id.find()) {
                anchors.add(id.group(1) == null ? id.group(2) : id.group(1));
            }
        }
        return anchors;
    }

    private List<String> region(int line, Path source, String name) throws IOException {
        if (!Files.exists(source)) {
            throw new AssertionError(at(line) + "there is no " + source);
        }
        requireTested(line, source);
        List<String> all = Files.readAllLines(source);
        int start = marker(line, source, all, "#region " + name);
        int end = marker(line, source, all, "#endregion " + name);
        String text = String.join("\n", all.subList(start + 1, end));
        return text.stripIndent()
                .lines()
                .filter(l -> !l.strip().matches("(//|#) #(end)?region .*"))
                .toList();
    }

    /** A source in {@code src/main/java} has a test of its name. */
    private void requireTested(int line, Path source) {
        String path = source.toString();
        if (path.contains("/src/main/java/")) {
            String test = path.replace("/src/main/java/", "/src/test/java/");
            if (!Files.exists(Path.of(test.replace(".java", "Test.java")))
                    && !Files.exists(Path.of(test.replace(".java", "IT.java")))) {
                throw new AssertionError(at(line) + "no test runs " + source + ", expected a Test or IT of its name");
            }
        }
    }

    private int marker(int line, Path source, List<String> all, String marker) {
        for (int i = 0; i < all.size(); i++) {
            String text = all.get(i).strip();
            if (text.equals("// " + marker) || text.equals("# " + marker)) {
                return i;
            }
        }
        throw new AssertionError(at(line) + source + " has no line // " + marker);
    }

    private String at(int line) {
        return root.relativize(file) + ":" + (line + 1) + ": ";
    }
}
