package io.bertfinetune.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PageServerTest {
    private final RunRecord record = new RunRecord(System::nanoTime);
    private PageServer server;

    @BeforeEach
    void start() throws Exception {
        record.begin(TrainerState.builder().maxSteps(9).build());
        server = PageServer.start(record, 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static HttpURLConnection open(URI uri) throws IOException {
        return (HttpURLConnection) uri.toURL().openConnection();
    }

    private static int status(URI uri) throws IOException {
        return open(uri).getResponseCode();
    }

    /** A browser that follows; its answer has begun. */
    private HttpURLConnection follow() throws IOException {
        HttpURLConnection connection = open(server.url().resolve("events"));
        connection.getResponseCode();
        return connection;
    }

    private static String read(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The first line of the answer to a request with this header, which {@link HttpClient} would not send. */
    private String answerTo(String host) throws Exception {
        try (Socket socket = new Socket(server.url().getHost(), server.url().getPort())) {
            String request = "GET " + server.url().getPath() + " HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    @Test
    void thePageIsThereForWhoKnowsTheToken() throws Exception {
        HttpURLConnection page = open(server.url());

        assertThat(page.getResponseCode()).isEqualTo(200);
        assertThat(page.getContentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(read(page.getInputStream())).startsWith("<!DOCTYPE html>").contains("{\"live\":true}");
    }

    @Test
    void withoutTheTokenNothingIsTold() throws Exception {
        String token =
                server.url().getPath().substring(1, server.url().getPath().length() - 1);
        for (String path : List.of("/", "/events", "/x/", "/x" + token + "/", "/" + token.substring(1) + "/events")) {
            HttpURLConnection refused = open(server.url().resolve(path));
            assertThat(refused.getResponseCode()).as(path).isEqualTo(403);
            assertThat(read(refused.getErrorStream())).doesNotContain(token);
        }
        assertThat(token).hasSizeGreaterThan(22); // 128 bits
    }

    @Test
    void twoRunsHaveTwoTokens() throws Exception {
        try (PageServer other = PageServer.start(record, 0)) {
            assertThat(other.url().getPath()).isNotEqualTo(server.url().getPath());
        }
    }

    @Test
    void anotherHostIsRefused() throws Exception {
        int port = server.url().getPort();

        assertThat(answerTo("Host: localhost:" + port + "\r\n")).contains(" 200 ");
        assertThat(answerTo("Host: rebound.example:" + port + "\r\n")).contains(" 403 ");
        assertThat(answerTo("Host: 127.0.0.1\r\n")).contains(" 403 ");
        assertThat(answerTo("Host: 127.0.0.1:" + port + "\r\nHost: rebound.example\r\n"))
                .doesNotContain(" 200 ");
        assertThat(answerTo("")).doesNotContain(" 200 ");
    }

    @Test
    void thePageMayAskOnlyItsServer() throws Exception {
        String policy = open(server.url()).getHeaderField("Content-Security-Policy");

        assertThat(policy)
                .contains("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http");
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        HttpURLConnection post = open(server.url());
        post.setRequestMethod("POST");

        assertThat(post.getResponseCode()).isEqualTo(405);
        assertThat(status(server.url().resolve("run.html"))).isEqualTo(404);
    }

    @Test
    void itListensOnThisMachineAlone() throws Exception {
        Optional<InetAddress> other = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst();
        assumeTrue(other.isPresent(), "this machine has no other address");

        assertThatThrownBy(() -> new Socket(other.get(), server.url().getPort()))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void oneMoreBrowserThanMayFollowIsToldSo() throws Exception {
        List<InputStream> followed = new ArrayList<>();
        for (int i = 0; i < PageServer.MOST_STREAMS; i++) {
            followed.add(follow().getInputStream());
        }

        assertThat(follow().getResponseCode()).isEqualTo(503);
        assertThat(status(server.url())).isEqualTo(200);
        for (InputStream stream : followed) {
            stream.close();
        }
    }

    @Test
    void closingTellsTheLastNewsAndStops() throws Exception {
        HttpURLConnection stream = follow();
        record.end(TrainerState.builder().maxSteps(9).globalStep(9).build(), Status.Phase.FINISHED);
        server.close();

        assertThat(read(stream.getInputStream())).endsWith("\n\n").contains("\"phase\":\"finished\"");
        assertThatThrownBy(() -> status(server.url())).isInstanceOf(ConnectException.class);
    }

    @Test
    void itsThreadsDoNotHoldUpTheProgram() throws Exception {
        follow();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("run-page"))
                .isNotEmpty()
                .allMatch(Thread::isDaemon);
    }
}
