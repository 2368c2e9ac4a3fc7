package io.bertfinetune.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.Bert;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the one jar as a user would, and asks it. */
class MailServiceIT {
    private static final Path JAR = Path.of("target", "mail-service-app.jar");
    private static final String MAIL = "Where is my parcel?";

    @TempDir
    private Path folder;

    @Test
    void theJarAloneServesTheModel() throws IOException, InterruptedException {
        Path saved = folder.resolve("mail-model");
        Classification said;
        try (var model = Bert.fromPretrained(tinyBert()).load(SequenceClassification.of("delivery", "returns"))) {
            model.save(saved);
            said = model.predict(Text.of(MAIL));
        }
        int port = freePort();
        Process service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        JAR.toAbsolutePath().toString(),
                        "--mail.model=" + saved,
                        "--server.port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
        try {
            String answer = ask(service, port);

            assertThat(answer).startsWith("{\"label\":\"" + said.label() + "\"");
            assertThat(answer).contains("\"delivery\":", "\"returns\":");
        } finally {
            service.destroy();
            assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(log()).doesNotContain("Exception");
    }

    private String ask(Process service, int port) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/classify"))
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(MAIL))
                .build();
        for (int i = 0; i < 600 && service.isAlive(); i++) {
            try {
                HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
                return response.body();
            } catch (java.net.ConnectException e) {
                Thread.sleep(200);
            }
        }
        throw new AssertionError("the service does not answer: " + log());
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("service.log"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Path tinyBert() throws IOException {
        Path tiny = Files.createDirectory(folder.resolve("tiny_bert"));
        for (String name :
                List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt")) {
            try (InputStream in = MailServiceIT.class.getResourceAsStream("/tiny_bert/" + name)) {
                Files.copy(Objects.requireNonNull(in, name), tiny.resolve(name));
            }
        }
        return tiny;
    }
}
