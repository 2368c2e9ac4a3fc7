package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.ort.capi.KernelContext.Operand;
import io.bertfinetune.ort.capi.OneDnnNorms.Norm;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * LayerNorm and its gradients on oneDNN. Rows are shared among the threads, each of which takes a power of two of them at a time,
 * so that there are few primitives whatever the sizes. oneDNN speaks of variances, the graph of inverse deviations.
 */
final class LayerNormKernel {
    /** Rows that are not parted. */
    private static final long ROWS = 8;

    private static final long MOST_ROWS = 256;

    private final OneDnnLanes lanes;
    private final Parts parts;

    LayerNormKernel(OneDnnLanes lanes, Parts parts) {
        this.lanes = lanes;
        this.parts = parts;
    }

    /** The rows, and the mean and the inverse deviation of each. */
    void forward(KernelContext context, float epsilon) throws Exception {
        Operand x = context.input(0);
        Operand weight = context.input(1);
        Operand bias = context.input(2);
        long rows = x.dims()[0];
        long width = x.dims()[1];
        Operand y = context.output(rows, width);
        Operand means = context.outputAt(1, rows, 1);
        Operand deviations = context.outputAt(2, rows, 1);
        parts.share(
                context,
                rows,
                ROWS,
                (from, to) -> lanes.use(lane -> OneDnnLane.inPieces(from, to, MOST_ROWS, (at, count) -> {
                    long variances = address(deviations, at);
                    Norm norm = new Norm(
                            count, width, address(x, at * width), address(means, at), variances, weight.address());
                    lane.norms().forward(norm, bias.address(), address(y, at * width), epsilon);
                    FloatBuffer numbers = numbers(variances, count);
                    for (int i = 0; i < count; i++) {
                        numbers.put(i, (float) (1 / Math.sqrt(numbers.get(i) + epsilon)));
                    }
                })));
    }

    /** The gradients of the rows, the weight and the bias. */
    void backward(KernelContext context) throws Exception {
        Operand dy = context.input(0);
        Operand x = context.input(1);
        Operand weight = context.input(2);
        Operand means = context.input(3);
        Operand deviations = context.input(4);
        long rows = x.dims()[0];
        long width = x.dims()[1];
        Operand dx = context.output(rows, width);
        ConcurrentSkipListMap<Long, float[]> sums = new ConcurrentSkipListMap<>();
        parts.share(context, rows, ROWS, (from, to) -> {
            float[] own = new float[Math.toIntExact(2 * width)];
            lanes.use(lane -> OneDnnLane.inPieces(from, to, MOST_ROWS, (at, count) -> {
                long of = lane.rows(1, 2 * width + count);
                long variances = of + 2 * width * Float.BYTES;
                FloatBuffer inverse = numbers(address(deviations, at), count);
                FloatBuffer numbers = numbers(variances, count);
                for (int i = 0; i < count; i++) {
                    numbers.put(i, 1 / (inverse.get(i) * inverse.get(i)));
                }
                Norm norm =
                        new Norm(count, width, address(x, at * width), address(means, at), variances, weight.address());
                lane.norms()
                        .backward(norm, address(dy, at * width), address(dx, at * width), of, of + width * Float.BYTES);
                add(numbers(of, 2 * width), own);
            }));
            sums.put(from, own);
        });
        write(sums, context.outputAt(1, width), context.outputAt(2, width));
    }

    private static void add(FloatBuffer some, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += some.get(i);
        }
    }

    /** In the order of the rows, whichever thread was first. */
    private static void write(ConcurrentSkipListMap<Long, float[]> sums, Operand dWeight, Operand dBias) {
        int width = Math.toIntExact(dWeight.count());
        float[] all = new float[2 * width];
        sums.values().forEach(some -> add(FloatBuffer.wrap(some), all));
        numbers(dWeight.address(), width).put(all, 0, width);
        numbers(dBias.address(), width).put(all, width, width);
    }

    private static long address(Operand operand, long at) {
        return operand.address() + at * Float.BYTES;
    }

    private static FloatBuffer numbers(long address, long count) {
        return new Pointer(address)
                .getByteBuffer(0, count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
