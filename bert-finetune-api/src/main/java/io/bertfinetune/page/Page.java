package io.bertfinetune.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * The page: one HTML document with its style, its scripts and its data inside. Its Content-Security-Policy names the hash
 * of each, allows nothing else to run, and no request to anywhere but, on the live page, to the server it came from.
 */
final class Page {
    private static final String STYLE = resource("uPlot.min.css") + "\n" + resource("page.css");
    private static final String PLOT = "/*\n" + resource("uPlot-LICENSE.txt") + "*/\n" + resource("uPlot.iife.min.js");
    private static final String SCRIPT = resource("page.js");

    private Page() {}

    /** The page that asks its server for news. */
    static String live() {
        return html("'self'", "{\"live\":true}");
    }

    /** The page with everything in it. */
    static String still(RunRecord.News everything) {
        return html("'none'", PageJson.of(everything));
    }

    /** The policy as a header: what a document says of itself cannot forbid that it is framed. */
    static String livePolicy() {
        return policy("'self'") + "; frame-ancestors 'none'";
    }

    private static String policy(String connect) {
        return "default-src 'none'; script-src " + hash(PLOT) + " " + hash(SCRIPT) + "; style-src " + hash(STYLE)
                + "; connect-src " + connect + "; img-src data:; base-uri 'none'; form-action 'none'";
    }

    /** One pass, so that what is put in is never taken for a place to put something. */
    private static String html(String connect, String data) {
        StringBuilder html = new StringBuilder();
        for (String piece : resource("page.html").split("(?=\\{\\{)|(?<=\\}\\})")) {
            html.append(
                    switch (piece) {
                        case "{{policy}}" -> policy(connect);
                        case "{{style}}" -> STYLE;
                        case "{{plot}}" -> PLOT;
                        case "{{script}}" -> SCRIPT;
                        case "{{data}}" -> data;
                        default -> piece;
                    });
        }
        return html.toString();
    }

    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
