package io.bertfinetune.ort.capi;

import com.sun.jna.Pointer;
import io.bertfinetune.ort.capi.OneDnn.OneDnnException;
import io.bertfinetune.ort.capi.OneDnnPieces.Factored;
import io.bertfinetune.ort.capi.OneDnnPieces.Join;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A {@link PointwisePlan} on oneDNN. Each run computes on its thread alone, so many numbers at a time that they stay near the core
 * from one walk to the next. What it computes is what ONNX Runtime would, to the bit.
 */
final class Pointwise implements Computation {
    private static final int PIECE = 1 << 16;

    private final PointwisePlan plan;
    private final OneDnnLanes lanes;

    /**
     * A formula on oneDNN.
     *
     * @param plan its walks
     * @param lanes where they run
     */
    Pointwise(PointwisePlan plan, OneDnnLanes lanes) {
        this.plan = plan;
        this.lanes = lanes;
    }

    @Override
    public Run bind(Map<String, CApiTensor> in, Map<String, CApiTensor> out) {
        List<CApiTensor> rows = new ArrayList<>();
        for (String name : plan.rows()) {
            rows.add(Objects.requireNonNull((rows.size() < plan.inputs() ? in : out).get(name), name));
        }
        return () -> run(rows, numbers(in));
    }

    private float[] numbers(Map<String, CApiTensor> in) {
        float[] numbers = new float[plan.numbers().size()];
        for (int i = 0; i < numbers.length; i++) {
            PointwisePlan.Number number = plan.numbers().get(i);
            if (number instanceof PointwisePlan.Number.Literal literal) {
                numbers[i] = literal.number();
            } else if (number instanceof PointwisePlan.Number.Input input) {
                CApiTensor tensor = Objects.requireNonNull(in.get(input.name()), input.name());
                numbers[i] = new Pointer(tensor.address()).getFloat(0);
            } else if (number instanceof PointwisePlan.Number.Computed computed) {
                numbers[i] = computed.of(numbers[computed.a()], numbers[computed.b()]);
            }
        }
        return numbers;
    }

    private void run(List<CApiTensor> rows, float[] numbers) throws OneDnnException {
        long count = rows.get(0).size();
        long[] addresses = new long[rows.size() + plan.between()];
        lanes.use(lane -> OneDnnLane.inPieces(0, count, PIECE, (at, some) -> {
            for (int i = 0; i < rows.size(); i++) {
                addresses[i] = rows.get(i).address() + at * Float.BYTES;
            }
            long between = lane.rows(plan.between(), PIECE);
            for (int i = 0; i < plan.between(); i++) {
                addresses[rows.size() + i] = between + (long) i * PIECE * Float.BYTES;
            }
            for (PointwisePlan.Step step : plan.steps()) {
                walk(lane, step, addresses, numbers, some);
            }
        }));
    }

    private static void walk(OneDnnLane lane, PointwisePlan.Step step, long[] rows, float[] numbers, long count)
            throws OneDnnException {
        long a = rows[step.a().row()];
        float factor = numbers[step.a().factor()];
        float other = numbers[step.b().factor()];
        long result = rows[step.result()];
        if (step.join() == Join.ROOT_AND_NUMBER) {
            lane.pieces().rootAnd(a, other, result, count);
        } else {
            lane.pieces()
                    .join(
                            step.join(),
                            new Factored(a, factor),
                            new Factored(rows[step.b().row()], other),
                            result,
                            count);
        }
    }

    /** It holds nothing: lanes are the engine's. */
    @Override
    public void close() {}
}
