package io.bertfinetune.page;

import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.page.Status.Phase;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a run on a web page: loss, metrics, learning rate, gradient norm and pace as they come, and the confusion matrix
 * and the worst mistakes of the last evaluation. {@link #live} serves the page while the run goes on; that and
 * {@link #file} leave it behind as one HTML file.
 *
 * <pre>{@code
 * try (var page = RunPage.live(folder).announce(url -> System.out.println("watch the run at " + url))) {
 *     Trainer.builder().model(model).trainDataset(train).evalDataset(dev).callbacks(page).build().train();
 * }
 * }</pre>
 *
 * <p>The live page is there for this machine alone, at {@code 127.0.0.1}, under an address with a random token, which goes at
 * level {@code INFO} to the SLF4J logger {@code io.bertfinetune.Trainer}. Neither page asks any other server for anything. The
 * server stops when training ends, unless it is to {@link #keepServing}.
 *
 * <p>The file, {@code run.html} in the folder, is written when training ends, and again after each evaluation that follows;
 * whoever opens it sees the whole old page or the whole new one. {@link #close} writes it for a run that an exception
 * ended. It contains the texts of the mistakes: {@link #mistakes mistakes(0)} leaves them out.
 *
 * <p>A page never ends a run and never holds it up: what goes wrong here is one warning in the log.
 */
public final class RunPage implements TrainerCallback, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.bertfinetune.Trainer");
    private static final String FILE = "run.html";

    private final Settings settings;
    private final RunRecord record = new RunRecord(System::nanoTime);

    private Judging judging;
    private Optional<PageServer> server = Optional.empty();
    private boolean failed;

    private record Settings(
            Path folder, OptionalInt port, boolean keepServing, int mistakes, Consumer<? super URI> announce) {}

    private RunPage(Settings settings) {
        this.settings = settings;
        this.judging = new Judging(settings.mistakes());
    }

    /**
     * A page served while the run goes on, on any free port, and the file at its end.
     *
     * @param folder where {@code run.html} goes, the {@code outputDir} for instance; created if it is not there
     * @return the callback
     */
    public static RunPage live(Path folder) {
        return new RunPage(new Settings(folder, OptionalInt.of(0), false, 20, url -> {}));
    }

    /**
     * The file at the end of the run alone: nothing is served.
     *
     * @param folder where {@code run.html} goes; created if it is not there
     * @return the callback
     */
    public static RunPage file(Path folder) {
        return new RunPage(new Settings(folder, OptionalInt.empty(), false, 20, url -> {}));
    }

    /**
     * The same, served on this port. One that is taken is a warning in the log, and the run goes on without a live page.
     *
     * @param port 1 to 65535, or 0 for any that is free, as unless said
     * @return a new callback
     */
    public RunPage port(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("RunPage: port is " + port + ", expected 0 to 65535");
        }
        return new RunPage(new Settings(
                settings.folder(),
                OptionalInt.of(port),
                settings.keepServing(),
                settings.mistakes(),
                settings.announce()));
    }

    /**
     * The same, but served after the end of training too, until {@link #close} or the end of the program, which its
     * threads do not hold up.
     *
     * @return a new callback
     */
    public RunPage keepServing() {
        return new RunPage(
                new Settings(settings.folder(), settings.port(), true, settings.mistakes(), settings.announce()));
    }

    /**
     * The same with so many mistakes of each evaluation; 20 unless said.
     *
     * @param most 0 or more; 0 keeps texts out of the page and the file
     * @return a new callback
     */
    public RunPage mistakes(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("RunPage: mistakes is " + most + ", expected 0 or more");
        }
        return new RunPage(
                new Settings(settings.folder(), settings.port(), settings.keepServing(), most, settings.announce()));
    }

    /**
     * The same, and the address of the live page is told to this too, as soon as it is served.
     *
     * @param to takes the address, token included
     * @return a new callback
     */
    public RunPage announce(Consumer<? super URI> to) {
        return new RunPage(
                new Settings(settings.folder(), settings.port(), settings.keepServing(), settings.mistakes(), to));
    }

    @Override
    public void onTrainBegin(TrainerState state, TrainerControl control) {
        attempt(() -> {
            record.begin(state);
            judging = new Judging(settings.mistakes());
            if (settings.port().isPresent() && server.isEmpty()) {
                serve(settings.port().getAsInt());
            }
        });
    }

    @Override
    public void onStepEnd(TrainerState state, TrainerControl control) {
        attempt(() -> record.step(state));
    }

    @Override
    public void onOutcome(TrainerState state, TrainerControl control, long index, Outcome<?, ?> outcome) {
        attempt(() -> {
            if (index == 0) {
                judging = new Judging(settings.mistakes());
            }
            judging.add(index, outcome);
        });
    }

    @Override
    public void onPredictionStep(TrainerState state, TrainerControl control) {
        attempt(() -> record.batch(state));
    }

    @Override
    public void onLog(TrainerState state, TrainerControl control, Metrics logs) {
        attempt(() -> {
            if (logs.has("loss") || logs.has("train_loss")) {
                record.logged(state, logs);
            }
        });
    }

    @Override
    public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
        attempt(() -> evaluated(state, metrics));
    }

    @Override
    public void onPredict(TrainerState state, TrainerControl control, Metrics metrics) {
        attempt(() -> evaluated(state, metrics));
    }

    @Override
    public void onTrainEnd(TrainerState state, TrainerControl control) {
        attempt(() -> {
            record.end(state, Phase.FINISHED);
            write();
        });
        if (!settings.keepServing()) {
            attempt(this::stopServing);
        }
    }

    /**
     * Stops serving. A run that has begun and not come to its end counts as broken off, and its file is written. Closing
     * twice does nothing.
     */
    @Override
    public void close() {
        if (record.isTraining()) {
            attempt(() -> {
                record.end(record.state(), Phase.BROKEN_OFF);
                write();
            });
        }
        attempt(this::stopServing);
    }

    private void evaluated(TrainerState state, Metrics metrics) {
        record.evaluated(state, metrics, judging);
        judging = new Judging(settings.mistakes());
        if (record.isOver()) {
            write();
        }
    }

    private void serve(int port) {
        try {
            PageServer started = PageServer.start(record, port);
            server = Optional.of(started);
            log.info("the run is shown at {}", started.url());
            settings.announce().accept(started.url());
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " of this machine cannot be served: " + e, e);
        }
    }

    private void stopServing() {
        server.ifPresent(PageServer::close);
        server = Optional.empty();
    }

    private void write() {
        byte[] page = Page.still(record.since(RunRecord.Seen.NOTHING)).getBytes(StandardCharsets.UTF_8);
        boolean isInterrupted = Thread.interrupted(); // which would close the file; an interrupted run has a page too
        try {
            write(page);
        } catch (IOException e) {
            throw new UncheckedIOException(settings.folder().resolve(FILE) + " cannot be written: " + e, e);
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(byte[] page) throws IOException {
        Path folder = settings.folder();
        if (!Files.isDirectory(folder)) { // JDK-8294193: older releases of 17 refuse a link to a folder
            Files.createDirectories(folder);
        }
        Path beside = folder.resolve("." + FILE + "." + UUID.randomUUID());
        try {
            Files.write(beside, page);
            Files.move(beside, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /** The only way from an event to what may go wrong. */
    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | LinkageError e) { // a Java cut down to few modules may lack the server
            if (!failed) {
                failed = true;
                log.warn("the page of the run is not complete; the run goes on", e);
            }
        }
    }
}
