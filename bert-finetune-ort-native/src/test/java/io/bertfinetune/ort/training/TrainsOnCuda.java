package io.bertfinetune.ort.training;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
            Batch<Example<Text, String>> other = withOtherIds(batch);
            Count.watch(bytes(other.tensor("input_ids")));
            step(session, batch);
            System.out.print("before=" + Count.SEEN.now());
            step(session, other);
            System.out.println(" arrived=" + Count.SEEN.now());
            for (int i = 8; i < Integer.parseInt(args[2]); i++) {
                step(session, i % 2 == 0 ? batch : other);
            }
            System.out.println("grown=" + (Count.LIVE_BYTES.now() - live) + " live=" + live);
            System.out.println("tokens=" + batch.tensor("input_ids").longs().remaining() + " parameters="
                    + model.parameters().stream().mapToLong(each -> each.size()).sum());
        }
        System.out.println("left=" + Count.LIVE_BYTES.now());
    }

    /** A batch of the same shape whose first token is another one in each example. */
    private static Batch<Example<Text, String>> withOtherIds(Batch<Example<Text, String>> batch) {
        Tensor ids = batch.tensor("input_ids");
        int length = ids.shape().get(1);
        long[] others = new long[ids.shape().get(0) * length];
        ids.longs().get(others);
        for (int first = 1; first < others.length; first += length) {
            others[first] = others[first] == 7 ? 8 : 7;
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>(batch.tensors());
        tensors.put("input_ids", Tensor.ofLongs(others, ids.shape().get(0), length));
        return new Batch<>(batch.examples(), tensors);
    }

    private static byte[] bytes(Tensor ids) {
        LongBuffer numbers = ids.longs();
        ByteBuffer bytes = ByteBuffer.allocate(numbers.remaining() * Long.BYTES).order(ByteOrder.nativeOrder());
        bytes.asLongBuffer().put(numbers);
        return bytes.array();
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
