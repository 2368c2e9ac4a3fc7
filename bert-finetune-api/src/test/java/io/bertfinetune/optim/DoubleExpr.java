package io.bertfinetune.optim;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Plain doubles in row-major order: what each method of {@link Expr} means, computed at once. */
final class DoubleExpr implements Expr {
    private final int[] shape;
    private final double[] numbers;

    private DoubleExpr(int[] shape, double[] numbers) {
        this.shape = shape;
        this.numbers = numbers;
    }

    static DoubleExpr of(int[] shape, double... numbers) {
        if (numbers.length != size(shape)) {
            throw new IllegalArgumentException(Arrays.toString(shape) + " and " + numbers.length + " numbers");
        }
        return new DoubleExpr(shape.clone(), numbers.clone());
    }

    static DoubleExpr scalar(double number) {
        return of(new int[0], number);
    }

    static DoubleExpr zeros(int... shape) {
        return of(shape, new double[size(shape)]);
    }

    int[] shape() {
        return shape.clone();
    }

    double[] numbers() {
        return numbers.clone();
    }

    @Override
    public Expr plus(Expr other) {
        return with(other, Double::sum);
    }

    @Override
    public Expr minus(Expr other) {
        return with(other, (a, b) -> a - b);
    }

    @Override
    public Expr times(Expr other) {
        return with(other, (a, b) -> a * b);
    }

    @Override
    public Expr dividedBy(Expr other) {
        return with(other, (a, b) -> a / b);
    }

    @Override
    public Expr max(Expr other) {
        return with(other, Math::max);
    }

    @Override
    public Expr plus(double number) {
        return each(a -> a + number);
    }

    @Override
    public Expr times(double number) {
        return each(a -> a * number);
    }

    @Override
    public Expr max(double number) {
        return each(a -> Math.max(a, number));
    }

    @Override
    public Expr sqrt() {
        return each(Math::sqrt);
    }

    @Override
    public Expr sign() {
        return each(Math::signum);
    }

    @Override
    public Expr abs() {
        return each(Math::abs);
    }

    @Override
    public Expr mean(int axis) {
        int at = axis < 0 ? axis + shape.length : axis;
        int inner = size(Arrays.copyOfRange(shape, at + 1, shape.length));
        int[] kept = shape.clone();
        kept[at] = 1;
        double[] means = new double[size(kept)];
        for (int i = 0; i < numbers.length; i++) {
            means[i / (shape[at] * inner) * inner + i % inner] += numbers[i] / shape[at];
        }
        return new DoubleExpr(kept, means);
    }

    @Override
    public Expr mean() {
        return scalar(Arrays.stream(numbers).sum() / numbers.length);
    }

    private DoubleExpr each(DoubleUnaryOperator f) {
        return new DoubleExpr(shape, Arrays.stream(numbers).map(f).toArray());
    }

    private DoubleExpr with(Expr other, DoubleBinaryOperator f) {
        DoubleExpr right = (DoubleExpr) other;
        int[] wide = new int[Math.max(shape.length, right.shape.length)];
        for (int axis = 1; axis <= wide.length; axis++) {
            int a = fromLast(axis);
            int b = right.fromLast(axis);
            if (a != b && a != 1 && b != 1) {
                throw new IllegalArgumentException(
                        Arrays.toString(shape) + " and " + Arrays.toString(right.shape) + " do not broadcast");
            }
            wide[wide.length - axis] = Math.max(a, b);
        }
        double[] result = new double[size(wide)];
        for (int i = 0; i < result.length; i++) {
            result[i] = f.applyAsDouble(at(i, wide), right.at(i, wide));
        }
        return new DoubleExpr(wide, result);
    }

    /** The number that is repeated to place {@code i} of a wider shape. */
    private double at(int i, int[] wide) {
        int place = 0;
        int stride = 1;
        int rest = i;
        for (int axis = 1; axis <= wide.length; axis++) {
            int length = wide[wide.length - axis];
            if (fromLast(axis) > 1) {
                place += rest % length * stride;
            }
            stride *= fromLast(axis);
            rest /= length;
        }
        return numbers[place];
    }

    private int fromLast(int axis) {
        return axis > shape.length ? 1 : shape[shape.length - axis];
    }

    private static int size(int[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
}
