package io.bertfinetune.ort.capi;

import io.bertfinetune.model.Device;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import java.util.Map;

/** Writes other numbers into the same tensor of the host and prints what reaches the device. */
final class FreshBatch {
    private FreshBatch() {}

    public static void main(String[] args) {
        Program copy = Program.of("copy", Map.of("to", new Graph().input("from", DataType.FLOAT, Shape.of(3))));
        try (Engine engine = new CApiProvider().open(Device.cuda(0)).orElseThrow()) {
            try (Executable program = engine.compile(copy);
                    DeviceTensor from = engine.allocateOnHost(DataType.FLOAT, 3);
                    DeviceTensor to = engine.allocate(DataType.FLOAT, 3)) {
                for (float number : new float[] {1, 9}) {
                    from.write(bytes -> bytes.asFloatBuffer().put(new float[] {number, number, number}));
                    program.run(Map.of("from", from), Map.of("to", to));
                    to.read(bytes ->
                            System.out.println("there: " + bytes.asFloatBuffer().get(2)));
                }
            }
        }
        System.out.println("left=" + StandIn.Count.LIVE_BYTES.now());
    }
}
