package io.bertfinetune.ort.capi;

import com.sun.jna.NativeLibrary;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.engine.DeviceTensor;
import io.bertfinetune.ort.engine.Engine;
import io.bertfinetune.ort.engine.Executable;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Graph;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Shape;
import io.bertfinetune.ort.graph.Value;
import java.util.Map;

/** Multiplies in each precision on the stand-in for CUDA and prints whether the product was let be TensorFloat-32. */
final class ShortProducts {
    private ShortProducts() {}

    public static void main(String[] args) {
        Value x = new Graph().input("x", DataType.FLOAT, Shape.of(4, 4));
        Program product = Program.of("product", Map.of("y", x.matMul(x)));
        try (Engine engine = new CApiProvider().open(Device.cuda(0)).orElseThrow();
                DeviceTensor from = engine.allocate(DataType.FLOAT, 4, 4);
                DeviceTensor to = engine.allocate(DataType.FLOAT, 4, 4)) {
            for (Precision precision : Precision.values()) {
                long before = now();
                try (Executable program = engine.compile(product, precision)) {
                    program.run(Map.of("x", from), Map.of("y", to));
                }
                System.out.println(precision + "=" + (now() - before));
            }
        }
    }

    private static long now() {
        return NativeLibrary.getInstance("libcuda.so.1")
                .getFunction("stand_in_short_products")
                .invokeLong(new Object[0]);
    }
}
