package io.bertfinetune.training;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.bertfinetune.error.DataException;
import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes what a run logs to a text file, as JSON lines or as CSV.
 *
 * <pre>{@code
 * trainer.callbacks(LogFileCallback.jsonl(Path.of("run.jsonl")), LogFileCallback.csv(Path.of("run.csv")));
 * }</pre>
 *
 * <p>The numbers are those of Hugging Face's {@code log_history}: {@code loss}, {@code grad_norm} and {@code learning_rate}
 * of training, those of evaluations under {@code eval_…}, and at the end those of the whole run, {@code train_loss} …; each
 * with its step and epoch.
 *
 * <p>Lines are added at the end of the file. A second run stands below the first; a run that is resumed goes on there too,
 * and logs once more what it had logged between its checkpoint and its end. The file is open only while something is written, and what was logged is in it even if an
 * exception ends the run. A file that cannot be written ends the run as an {@link UncheckedIOException}.
 */
public final class LogFileCallback implements TrainerCallback {
    private final GrowingFile file;
    private final Format format;

    private LogFileCallback(Path file, Format format) {
        this.file = GrowingFile.of(file);
        this.format = format;
    }

    /**
     * One JSON object a line for each time the run logs, in UTF-8:
     *
     * <pre>{@code
     * {"step":37,"epoch":0.15,"loss":0.6134,"grad_norm":2.31,"learning_rate":1.9E-5}
     * {"step":241,"epoch":1.0,"eval_loss":0.4518,"eval_accuracy":0.8072}
     * }</pre>
     *
     * <p>A number that is not finite is {@code null}: JSON has no word for it.
     *
     * @param file the file; it and its folder are created if they are not there
     * @return the callback
     */
    public static LogFileCallback jsonl(Path file) {
        return new LogFileCallback(file, Format.JSON_LINES);
    }

    /**
     * One line for each number the run logs, in UTF-8, separated by commas, below a header. Long rather than wide, because
     * a run logs different numbers at different times, and a header, once written, cannot gain columns:
     *
     * <pre>
     * step,epoch,name,value
     * 37,0.15,loss,0.6134
     * 37,0.15,learning_rate,1.9E-5
     * 241,1.0,eval_accuracy,0.8072
     * </pre>
     *
     * <p>In pandas, {@code read_csv(file).pivot_table("value", "step", "name")} makes columns of the names.
     *
     * @param file the file; it and its folder are created if they are not there. Building a trainer with it fails with a
     *     {@link DataException} if it is there and begins with another line
     * @return the callback
     */
    public static LogFileCallback csv(Path file) {
        return new LogFileCallback(file, Format.CSV);
    }

    @Override
    public void onInitEnd(TrainerState state, TrainerControl control) {
        if (!format.header.isEmpty() && !file.isEmpty()) {
            String found = file.firstLine();
            if (!found.equals(format.header)) {
                throw new DataException(file + ", line 1: found '" + found + "', expected the header '" + format.header
                        + "'; give the log a file of its own");
            }
        }
    }

    @Override
    public void onTrainBegin(TrainerState state, TrainerControl control) {
        append(""); // what cannot be written is to be known now, not at the first log
    }

    @Override
    public void onLog(TrainerState state, TrainerControl control, Metrics logs) {
        Map<String, Double> numbers = new LinkedHashMap<>(logs.values());
        numbers.remove("step");
        numbers.remove("epoch");
        append(format.lines(state.globalStep(), state.epoch(), numbers));
    }

    private void append(String lines) {
        boolean needsHeader = !format.header.isEmpty() && file.isEmpty();
        String text = needsHeader ? format.header + "\n" + lines : lines;
        file.append(text.getBytes(StandardCharsets.UTF_8));
    }

    private enum Format {
        JSON_LINES("") {
            @Override
            String lines(long step, double epoch, Map<String, Double> numbers) {
                JsonObject object = new JsonObject();
                object.addProperty("step", step);
                object.addProperty("epoch", epoch);
                numbers.forEach((name, number) ->
                        object.add(name, Double.isFinite(number) ? new JsonPrimitive(number) : JsonNull.INSTANCE));
                return object + "\n";
            }
        },

        CSV("step,epoch,name,value") {
            @Override
            String lines(long step, double epoch, Map<String, Double> numbers) {
                StringWriter lines = new StringWriter();
                try (CsvWriter csv =
                        CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(lines)) {
                    numbers.forEach((name, number) -> csv.writeRecord(
                            Long.toString(step), Double.toString(epoch), name, Double.toString(number)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e); // which a StringWriter does not throw
                }
                return lines.toString();
            }
        };

        /** What a file begins with; empty for nothing. */
        private final String header;

        Format(String header) {
            this.header = header;
        }

        abstract String lines(long step, double epoch, Map<String, Double> numbers);
    }
}
