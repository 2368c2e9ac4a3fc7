package io.bertfinetune.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Serves a run to browsers of this machine: the page, and what is new as server-sent events.
 *
 * <p>It listens on 127.0.0.1 only, answers who knows the token in the path, and refuses a {@code Host} that is another
 * name, so a web page that points a name of its own at this address (DNS rebinding) gets nothing. Each browser has a
 * thread that looks at the record four times a second; a browser that reads slowly is given less, not waited for.
 */
final class PageServer implements AutoCloseable {
    /** How many browsers may follow at once. */
    static final int MOST_STREAMS = 8;

    private static final int THREADS = MOST_STREAMS + 4;
    private static final long MILLIS_BETWEEN_LOOKS = 250;
    private static final int LOOKS_BETWEEN_SIGNS_OF_LIFE = 40;
    private static final long MILLIS_FOR_LAST_NEWS = 1000;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final RunRecord record;
    private final String token;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);
    private final CountDownLatch closing = new CountDownLatch(1);

    private PageServer(RunRecord record, HttpServer server) {
        this.record = record;
        this.server = server;
        this.token = randomToken();
        this.threads = Executors.newFixedThreadPool(THREADS, PageServer::daemon);
    }

    /** Begins to listen; on any free port for 0. */
    static PageServer start(RunRecord record, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
        PageServer server = new PageServer(record, HttpServer.create(address, 0));
        server.server.setExecutor(server.threads);
        server.server.createContext("/", server::handle);
        server.server.start();
        return server;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/" + token + "/");
    }

    /** Lets browsers take the last news, for a moment at most, and stops. */
    @Override
    public void close() {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        try {
            boolean allHaveIt = streams.tryAcquire(MOST_STREAMS, MILLIS_FOR_LAST_NEWS, TimeUnit.MILLISECONDS);
            if (allHaveIt) {
                streams.release(MOST_STREAMS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String raw = Objects.requireNonNullElse(exchange.getRequestURI().getRawPath(), "");
            List<String> path = List.of(raw.split("/", -1));
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Security-Policy", Page.livePolicy());
            headers.set("Cache-Control", "no-store");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            if (!isForHere(exchange) || path.size() < 2 || !isToken(path.get(1))) {
                answer(exchange, 403, "text/plain", "The address of the page has a token, which this one lacks.\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                headers.set("Allow", "GET");
                answer(exchange, 405, "text/plain", "GET only.\n");
            } else if (path.size() == 3 && path.get(2).isEmpty()) {
                answer(exchange, 200, "text/html", Page.live());
            } else if (path.size() == 3 && path.get(2).equals("events")) {
                follow(exchange);
            } else {
                answer(exchange, 404, "text/plain", "There is nothing here.\n");
            }
        }
    }

    private boolean isForHere(HttpExchange exchange) {
        List<String> hosts = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        return hosts.equals(List.of("127.0.0.1:" + port())) || hosts.equals(List.of("localhost:" + port()));
    }

    /** Takes the same time however much of it is right. */
    private boolean isToken(String given) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private void follow(HttpExchange exchange) throws IOException {
        if (!streams.tryAcquire()) {
            answer(exchange, 503, "text/plain", MOST_STREAMS + " browsers follow this run already.\n");
            return;
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            tell(exchange.getResponseBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close(); // before it counts as told, or the end of the answer would be cut off
            streams.release();
        }
    }

    private void tell(OutputStream out) throws IOException, InterruptedException {
        RunRecord.Seen seen = RunRecord.Seen.NOTHING;
        int quietLooks = 0;
        boolean isLast = false;
        while (true) {
            if (record.hasNews(seen)) {
                RunRecord.News news = record.since(seen);
                write(out, "data: " + PageJson.of(news) + "\n\n");
                seen = news.seen();
                quietLooks = 0;
            } else if (++quietLooks % LOOKS_BETWEEN_SIGNS_OF_LIFE == 0) {
                write(out, ":\n\n"); // fails if nobody is there any more
            }
            if (isLast) {
                return;
            }
            isLast = closing.await(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String randomToken() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "run-page");
        thread.setDaemon(true);
        return thread;
    }
}
