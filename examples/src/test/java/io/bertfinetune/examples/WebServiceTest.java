package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.bertfinetune.Bert;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebServiceTest {
    @TempDir
    private Path folder;

    private Model<Text, String, Classification> model;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        model = Bert.fromPretrained(TinyBert.in(folder)).load(SequenceClassification.of("good", "bad"));
        server = WebService.start(model, 0);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        model.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/classify");
        return HttpClient.newHttpClient().send(request.uri(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aTextIsAnsweredWithWhatTheModelSays() throws Exception {
        HttpResponse<String> response =
                send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString("Ça marche?")));

        Classification expected = model.predict(Text.of("Ça marche?"));
        JsonObject json = JsonParser.parseString(response.body()).getAsJsonObject();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json.get("label").getAsString()).isEqualTo(expected.label());
        assertThat(json.getAsJsonObject("probabilities").get("good").getAsDouble())
                .isEqualTo(expected.probabilities().get("good"));
    }

    @Test
    void anotherMethodIsRefused() throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder().GET());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.body()).contains("POST the text");
    }

    @Test
    void aTextThatIsTooLongIsRefused() throws Exception {
        HttpResponse<String> response =
                send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString("x".repeat(70_000))));

        assertThat(response.statusCode()).isEqualTo(413);
    }
}
