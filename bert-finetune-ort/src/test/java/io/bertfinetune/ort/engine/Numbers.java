package io.bertfinetune.ort.engine;

import io.bertfinetune.ort.graph.DataType;
import java.nio.ByteBuffer;

/** Numbers of a tensor as doubles: floats are rounded, whole numbers must fit. */
public final class Numbers {
    private Numbers() {}

    /** All numbers of a tensor, in its order. */
    public static double[] read(DeviceTensor tensor) {
        double[] numbers = new double[Math.toIntExact(tensor.size())];
        tensor.read(bytes -> {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = switch (tensor.type()) {
                    case FLOAT -> bytes.getFloat(i * Float.BYTES);
                    case INT64 -> bytes.getLong(i * Long.BYTES);
                    case UINT8 -> bytes.get(i) & 0xFF;
                    case BFLOAT16, FLOAT16 -> throw new IllegalArgumentException("numbers of " + tensor);
                };
            }
        });
        return numbers;
    }

    /** Writes numbers over the first of a tensor. */
    public static void write(DeviceTensor tensor, double... numbers) {
        tensor.write(bytes -> put(tensor.type(), bytes, numbers));
    }

    /** A tensor of these numbers; the caller closes it. */
    public static DeviceTensor tensor(Engine engine, DataType type, long[] shape, double... numbers) {
        DeviceTensor tensor = engine.allocate(type, shape);
        write(tensor, numbers);
        return tensor;
    }

    private static void put(DataType type, ByteBuffer bytes, double[] numbers) {
        for (double number : numbers) {
            switch (type) {
                case FLOAT -> bytes.putFloat((float) number);
                case INT64 -> bytes.putLong((long) number);
                case UINT8 -> bytes.put((byte) (int) number);
                case BFLOAT16, FLOAT16 -> throw new IllegalArgumentException("numbers of " + type);
            }
        }
    }
}
