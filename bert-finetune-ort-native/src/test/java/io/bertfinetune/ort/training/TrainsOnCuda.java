package io.bertfinetune.ort.training;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.Precision;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.model.TrainingSession;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.ort.capi.StandIn.Count;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.List;

/** Trains a model on the stand-in for CUDA and prints what a step copied and what memory it took. */
public final class TrainsOnCuda {
    private TrainsOnCuda() {}

    /**
     * Trains.
     *
     * @param args the model's folder, the precision, and how many steps
     */
    public static void main(String[] args) {
        List<Example<Text, String>> examples = Models.examples(8, "no", "yes");
        SessionOptions options = SessionOptions.of(AdamW.defaults()).precision(Precision.valueOf(args[1]));
        try (Model<Text, String, Classification> model = Bert.fromPretrained(Path.of(args[0]))
                        .device(Device.cuda(0))
                        .load(SequenceClassification.of("no", "yes"));
                TrainingSession<Example<Text, String>> session = model.startTraining(options)) {
            Batch<Example<Text, String>> batch = model.collator(Padding.LONGEST).collate(examples);
            for (int i = 0; i < 5; i++) {
                step(session, batch);
            }
            long live = Count.LIVE_BYTES.now();
            long[] before = counts();
            step(session, batch);
            long[] after = counts();
            for (Count count : Count.values()) {
                System.out.println(count + "=" + (after[count.ordinal()] - before[count.ordinal()]));
            }
            for (int i = 6; i < Integer.parseInt(args[2]); i++) {
                step(session, batch);
            }
            System.out.println("grown=" + (Count.LIVE_BYTES.now() - live) + " live=" + live);
            System.out.println("tokens=" + batch.tensor("input_ids").longs().remaining() + " parameters="
                    + model.parameters().stream().mapToLong(each -> each.size()).sum());
        }
        System.out.println("left=" + Count.LIVE_BYTES.now());
    }

    private static void step(TrainingSession<Example<Text, String>> session, Batch<Example<Text, String>> batch) {
        session.forwardBackward(batch);
        session.clipGradNorm(1);
        session.step(1e-3);
        session.zeroGrad();
    }

    private static long[] counts() {
        Count[] all = Count.values();
        long[] counts = new long[all.length];
        for (Count count : all) {
            counts[count.ordinal()] = count.now();
        }
        return counts;
    }
}
