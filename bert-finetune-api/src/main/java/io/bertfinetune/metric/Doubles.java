package io.bertfinetune.metric;

import java.util.Arrays;

/** Numbers in a row that grows. */
final class Doubles {
    private double[] numbers = new double[16];
    private int size;

    void add(double number) {
        grow(size + 1);
        numbers[size++] = number;
    }

    Doubles addAll(Doubles other) {
        grow(size + other.size);
        System.arraycopy(other.numbers, 0, numbers, size, other.size);
        size += other.size;
        return this;
    }

    double[] toArray() {
        return Arrays.copyOf(numbers, size);
    }

    private void grow(int least) {
        if (least > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(least, numbers.length * 2));
        }
    }
}
