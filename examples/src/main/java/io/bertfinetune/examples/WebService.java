package io.bertfinetune.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.bertfinetune.Bert;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * A trained model that answers over HTTP, on this machine only; one model serves all threads.
 *
 * <pre>
 * curl --data "Where is my parcel?" localhost:8080/classify
 * {"label":"delivery","probabilities":{"account":0.004,"billing":0.003,…}}
 * </pre>
 */
public final class WebService {
    private static final List<Flag> FLAGS = List.of(
            Flag.of("model", "mail-model", "The folder of a trained model, such as the quick start saves"),
            Flag.of("port", "8080", "The port to listen on; 0 for any that is free"));

    private static final int MOST_BYTES = 1 << 16;

    private WebService() {}

    /**
     * Serves until the program is ended.
     *
     * @param args flags, see {@code --help}
     * @throws IOException if the port cannot be listened on
     * @throws InterruptedException if the thread is interrupted, which ends the service
     */
    public static void main(String... args) throws IOException, InterruptedException {
        Flags flags = Flags.parse(FLAGS, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(FLAGS));
            return;
        }
        try (var model = Bert.fromPretrained(flags.path("model")).load(SequenceClassification.saved())) {
            HttpServer server = start(model, flags.whole("port"));
            try {
                System.out.println("listening on http:/" + server.getAddress() + "/classify");
                Thread.currentThread().join();
            } finally {
                server.stop(0);
            }
        }
    }

    /** Listens on a port of this machine; the caller stops the server. */
    static HttpServer start(Model<Text, String, Classification> model, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newFixedThreadPool(4, WebService::daemon));
        server.createContext("/classify", exchange -> classify(model, exchange));
        server.start();
        return server;
    }

    private static void classify(Model<Text, String, Classification> model, HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] text = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
            if (!exchange.getRequestMethod().equals("POST")) {
                answer(exchange, 405, "{\"error\":\"POST the text to be classified\"}");
            } else if (text.length > MOST_BYTES) {
                answer(exchange, 413, "{\"error\":\"more than " + MOST_BYTES + " bytes\"}");
            } else {
                answer(exchange, 200, new Gson().toJson(model.predict(Text.of(new String(text, UTF_8)))));
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "classify");
        thread.setDaemon(true);
        return thread;
    }
}
