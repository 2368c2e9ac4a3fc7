package io.bertfinetune.training;

import static io.bertfinetune.training.NoControl.CONTROL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.error.DataException;
import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogFileCallbackTest {
    private static final TrainerState BEGIN =
            TrainerState.builder().maxSteps(200).build();
    private static final Metrics TRAINING = Metrics.of("loss", 0.6134)
            .with("learning_rate", 1.9e-5)
            .with("epoch", 0.15)
            .with("step", 37);
    private static final Metrics EVALUATION = Metrics.of("eval_loss", 0.4518)
            .with("eval_accuracy", 0.8072)
            .with("epoch", 1)
            .with("step", 241);

    private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
    private final Path file = files.getPath("/logs/of/today/run.log");

    @AfterEach
    void closeFiles() throws IOException {
        files.close();
    }

    @Test
    void jsonLinesAreOneObjectALogInItsOrder() throws IOException {
        log(LogFileCallback.jsonl(file));

        assertThat(file).content().isEqualTo("""
                        {"step":37,"epoch":0.15,"loss":0.6134,"learning_rate":1.9E-5}
                        {"step":241,"epoch":1.0,"eval_loss":0.4518,"eval_accuracy":0.8072}
                        """);
    }

    @Test
    void csvIsOneLineANumberSoThatLaterNamesFitTheHeader() throws IOException {
        log(LogFileCallback.csv(file));

        assertThat(file).content().isEqualTo("""
                        step,epoch,name,value
                        37,0.15,loss,0.6134
                        37,0.15,learning_rate,1.9E-5
                        241,1.0,eval_loss,0.4518
                        241,1.0,eval_accuracy,0.8072
                        """);
    }

    @Test
    void aLineIsInTheFileAsSoonAsItIsLogged() throws IOException {
        LogFileCallback callback = LogFileCallback.jsonl(file);
        callback.onTrainBegin(BEGIN, CONTROL);
        callback.onLog(at(37, 0.15), CONTROL, TRAINING);

        assertThat(Files.readAllLines(file)).hasSize(1); // no end of the run was told
    }

    @Test
    void numbersThatAreNoneDoNotBreakTheFormat() throws IOException {
        Metrics broken = Metrics.of("loss", Double.NaN).with("grad_norm", Double.POSITIVE_INFINITY);
        Path csv = files.getPath("run.csv");

        LogFileCallback.jsonl(file).onLog(at(1, 0.5), CONTROL, broken);
        LogFileCallback.csv(csv).onLog(at(1, 0.5), CONTROL, broken);

        JsonObject line = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertThat(line.get("loss")).isEqualTo(JsonNull.INSTANCE);
        assertThat(line.get("grad_norm")).isEqualTo(JsonNull.INSTANCE);
        assertThat(Files.readAllLines(csv)).contains("1,0.5,loss,NaN", "1,0.5,grad_norm,Infinity");
    }

    @Test
    void namesOfMetricsMayBeAnything() throws IOException {
        Metrics odd = Metrics.of("eval_\"f1\", für alle", 1);
        Path csv = files.getPath("run.csv");

        LogFileCallback.jsonl(file).onLog(at(1, 0.5), CONTROL, odd);
        LogFileCallback.csv(csv).onLog(at(1, 0.5), CONTROL, odd);

        JsonObject line = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertThat(line.get("eval_\"f1\", für alle").getAsDouble()).isEqualTo(1);
        assertThat(Files.readAllLines(csv).get(1)).isEqualTo("1,0.5,\"eval_\"\"f1\"\", für alle\",1.0");
    }

    @Test
    void aSecondRunFollowsTheFirstUnderOneHeader() throws IOException {
        log(LogFileCallback.csv(file));
        log(LogFileCallback.csv(file));

        assertThat(Files.readAllLines(file))
                .hasSize(1 + 4 + 4)
                .startsWith("step,epoch,name,value")
                .filteredOn(line -> line.startsWith("step"))
                .hasSize(1);
    }

    @Test
    void anotherFileIsNotWrittenInto() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "text,label\nWhere is my parcel?,delivery\n");

        assertThatThrownBy(() -> LogFileCallback.csv(file).onInitEnd(BEGIN, CONTROL))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("/logs/of/today/run.log, line 1: found 'text,label'")
                .hasMessageContaining("step,epoch,name,value");
        assertThatCode(() -> LogFileCallback.jsonl(file).onInitEnd(BEGIN, CONTROL))
                .doesNotThrowAnyException();
    }

    @Test
    void aFileThatCannotBeWrittenIsAnErrorWhenTrainingBegins() throws IOException {
        Files.createDirectories(file); // a folder of that name

        assertThatThrownBy(() -> LogFileCallback.jsonl(file).onTrainBegin(BEGIN, CONTROL))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("/logs/of/today/run.log");
    }

    @Test
    void numbersLookTheSameEverywhere() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            LogFileCallback.csv(file).onLog(at(1, 0.5), CONTROL, Metrics.of("loss", 1234.5));
        } finally {
            Locale.setDefault(before);
        }

        assertThat(Files.readAllLines(file)).contains("1,0.5,loss,1234.5");
    }

    private static void log(LogFileCallback callback) {
        callback.onInitEnd(BEGIN, CONTROL);
        callback.onTrainBegin(BEGIN, CONTROL);
        callback.onLog(at(37, 0.15), CONTROL, TRAINING);
        callback.onLog(at(241, 1), CONTROL, EVALUATION);
        callback.onTrainEnd(at(241, 1), CONTROL);
    }

    private static TrainerState at(long step, double epoch) {
        return BEGIN.toBuilder().globalStep(step).epoch(epoch).build();
    }
}
