package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.page.RunPage;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of real runs. */
@Timeout(60)
class RunPageTest {
    private final IndexedDataset<Example<Text, String>> data = Numbers.signs(20);
    private final List<URI> announced = new ArrayList<>();

    @TempDir
    private Path folder;

    private Trainer.Builder<Text, String, Classification> run(TrainerCallback... callbacks) {
        return Trainer.builder()
                .model(Numbers.model())
                .trainDataset(data)
                .evalDataset(data)
                .evalStrategy(IntervalStrategy.EPOCH)
                .loggingSteps(Steps.of(1))
                .callbacks(callbacks);
    }

    private static InputStream follow(URI page) {
        try {
            return page.resolve("events").toURL().openStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JsonObject> events(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> JsonParser.parseString(line.substring("data: ".length()))
                        .getAsJsonObject())
                .toList();
    }

    private JsonObject file() throws IOException {
        String page = Files.readString(folder.resolve("run.html"));
        String tag = "<script type=\"application/json\" id=\"run\">";
        int begin = page.indexOf(tag) + tag.length();
        return JsonParser.parseString(page.substring(begin, page.indexOf("</script>", begin)))
                .getAsJsonObject();
    }

    private static String phase(JsonObject news) {
        return news.getAsJsonObject("status").get("phase").getAsString();
    }

    @Test
    void aBrowserIsToldTheWholeRun() throws Exception {
        List<InputStream> streams = new ArrayList<>();
        var page = RunPage.live(folder).announce(url -> streams.add(follow(url)));
        Trainer<Text, String, Classification> trainer = run(page).build();
        trainer.train();

        List<JsonObject> events = events(streams.get(0));
        int points = events.stream()
                .mapToInt(event -> event.getAsJsonArray("points").size())
                .sum();
        JsonObject last = events.get(events.size() - 1);
        assertThat(phase(last)).isEqualTo("finished");
        assertThat(points).isEqualTo((int) trainer.state().globalStep());
        assertThat(events.stream()
                        .mapToInt(event -> event.getAsJsonArray("evaluations").size())
                        .sum())
                .isEqualTo(3);
        assertThat(events).anyMatch(event -> event.has("judgements"));
    }

    @Test
    void theFileSaysWhatTheRunLogged() throws Exception {
        Trainer<Text, String, Classification> trainer =
                run(RunPage.file(folder)).runName("first").build();
        TrainOutput output = trainer.train();

        JsonObject page = file();
        JsonObject status = page.getAsJsonObject("status");
        double[] losses = trainer.state().logHistory().stream()
                .filter(entry -> entry.has("loss"))
                .mapToDouble(entry -> entry.get("loss"))
                .toArray();
        assertThat(page.getAsJsonArray("points"))
                .extracting(point -> point.getAsJsonObject()
                        .getAsJsonObject("numbers")
                        .get("loss")
                        .getAsDouble())
                .containsExactly(IntStream.range(0, losses.length)
                        .mapToObj(i -> losses[i])
                        .toArray(Double[]::new));
        assertThat(status.get("name").getAsString()).isEqualTo("first");
        assertThat(status.get("step").getAsLong()).isEqualTo(output.globalStep());
        assertThat(status.getAsJsonObject("summary").get("loss").getAsDouble()).isEqualTo(output.trainingLoss());
        assertThat(page.getAsJsonArray("evaluations")
                        .get(2)
                        .getAsJsonObject()
                        .getAsJsonObject("numbers")
                        .keySet())
                .containsExactly("loss", "accuracy");
    }

    @Test
    void theLastEvaluationIsJudgedExampleByExample() throws Exception {
        List<Example<Text, String>> wrong = new ArrayList<>(Numbers.list(6));
        wrong.add(Example.of(Text.pair("50 1", "</script><b>this is no plus</b>"), "minus"));
        run(RunPage.file(folder)).evalDataset("odd", Dataset.of(wrong)).build().train();

        JsonObject judged = file().getAsJsonArray("judgements").get(1).getAsJsonObject();
        JsonObject worst = judged.getAsJsonArray("mistakes").get(0).getAsJsonObject();
        assertThat(judged.get("set").getAsString()).isEqualTo("eval_odd");
        assertThat(judged.get("labels")).hasToString("[\"minus\",\"plus\"]");
        assertThat(judged.get("cells")).hasToString("[[0,0,3],[0,1,1],[1,1,3]]");
        assertThat(worst.get("text").getAsString()).isEqualTo("50 1\n</script><b>this is no plus</b>");
        assertThat(worst.get("index").getAsLong()).isEqualTo(6);
        assertThat(Files.readString(folder.resolve("run.html"))).doesNotContain("<b>");
    }

    @Test
    void evaluationsAfterTheRunAreInTheFileToo() throws Exception {
        Trainer<Text, String, Classification> trainer =
                run(RunPage.file(folder)).build();
        trainer.train();
        trainer.predict(Numbers.signs(4));

        assertThat(file().getAsJsonArray("judgements"))
                .extracting(judged -> judged.getAsJsonObject().get("set").getAsString())
                .containsExactly("eval", "test");
        assertThat(file().getAsJsonArray("evaluations")).hasSize(3);
    }

    @Test
    void anEvaluationThatIsCutShortIsForgotten() throws Exception {
        TrainerCallback failing = new TrainerCallback() {
            private boolean trained;

            @Override
            public void onTrainEnd(TrainerState state, TrainerControl control) {
                trained = true;
            }

            @Override
            public void onPredictionStep(TrainerState state, TrainerControl control) {
                if (trained) {
                    trained = false;
                    throw new IllegalStateException("enough");
                }
            }
        };
        Trainer<Text, String, Classification> trainer =
                run(RunPage.file(folder), failing).build();
        trainer.train();
        assertThatThrownBy(() -> trainer.evaluate(Numbers.signs(20))).hasMessage("enough");
        trainer.evaluate(Numbers.signs(4));

        JsonObject judged = file().getAsJsonArray("judgements").get(0).getAsJsonObject();
        assertThat(judged.get("cells")).hasToString("[[0,0,2],[1,1,2]]");
    }

    @Test
    void anEvaluationBeforeTheRunLeavesTheFileOfAnotherRun() throws Exception {
        Path old = Files.writeString(folder.resolve("run.html"), "another run");

        run(RunPage.file(folder)).build().evaluate();

        assertThat(old).hasContent("another run");
    }

    @Test
    void theServerStopsWithTheRun() {
        run(RunPage.live(folder).announce(announced::add)).build().train();

        assertThatThrownBy(() -> follow(announced.get(0))).hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void itServesOnUntilClosedIfAsked() throws Exception {
        try (var page = RunPage.live(folder).announce(announced::add).keepServing()) {
            run(page).build().train();

            InputStream stream = follow(announced.get(0));
            page.close();
            assertThat(phase(events(stream).get(0))).isEqualTo("finished");
        }
        assertThatThrownBy(() -> follow(announced.get(0))).hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void aRunThatAnExceptionEndsIsBrokenOff() throws Exception {
        TrainerCallback failing = new TrainerCallback() {
            @Override
            public void onStepEnd(TrainerState state, TrainerControl control) {
                if (state.globalStep() == 3) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("enough");
                }
            }
        };
        assertThatThrownBy(() -> {
                    try (var page = RunPage.live(folder).announce(announced::add)) {
                        run(page, failing).build().train();
                    }
                })
                .hasMessage("enough");
        assertThat(Thread.interrupted()).isTrue();

        assertThat(phase(file())).isEqualTo("broken off");
        assertThat(file().getAsJsonObject("status").get("step").getAsLong()).isEqualTo(3);
        assertThatThrownBy(() -> follow(announced.get(0))).hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void aBrowserThatDoesNotReadHoldsNothingUp() throws Exception {
        List<Example<Text, String>> longTexts = Numbers.list(2000).stream()
                .map(e -> Example.of(
                        Text.pair(e.input().text(), "x".repeat(990)), e.label().equals("plus") ? "minus" : "plus"))
                .toList();
        List<Socket> sockets = new ArrayList<>();
        var page = RunPage.live(folder).mistakes(5000).announce(url -> sockets.add(ask(url)));
        run(page)
                .numTrainEpochs(5)
                .evalDataset("long", Dataset.of(longTexts))
                .build()
                .train();

        assertThat(phase(file())).isEqualTo("finished");
        assertThat(Files.size(folder.resolve("run.html"))).isGreaterThan(1_000_000);
        sockets.get(0).close();
    }

    /** A browser that follows and never reads. */
    private static Socket ask(URI page) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(1024);
            socket.connect(new InetSocketAddress(page.getHost(), page.getPort()));
            String request = "GET " + page.getPath() + "events HTTP/1.1\r\nHost: " + page.getAuthority() + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatGoesWrongDoesNotEndTheRun() throws Exception {
        Path noFolder = Files.writeString(folder.resolve("taken"), "a file");
        TrainOutput expected = run().build().train();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var page = RunPage.live(noFolder).port(taken.getLocalPort());

            assertThat(run(page).build().train().trainingLoss()).isEqualTo(expected.trainingLoss());
        }
    }

    @Test
    void theOldFileStaysUntilTheNewOneIsWhole() throws Exception {
        run(RunPage.file(folder)).build().train();
        run(RunPage.file(folder)).build().train();

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("run.html"));
        }
    }

    @Test
    void settingsThatCannotBeMeantAreRefused() {
        assertThatThrownBy(() -> RunPage.live(folder).port(70_000)).hasMessageContaining("expected 0 to 65535");
        assertThatThrownBy(() -> RunPage.file(folder).mistakes(-1)).hasMessageContaining("expected 0 or more");
    }
}
