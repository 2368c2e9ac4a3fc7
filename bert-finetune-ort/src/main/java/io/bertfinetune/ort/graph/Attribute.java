package io.bertfinetune.ort.graph;

import java.util.List;

/** What an operator is told beside its inputs. */
public sealed interface Attribute {
    /** Nothing. */
    record None() implements Attribute {}

    /**
     * How matrices are multiplied.
     *
     * @param transA whether the first is used transposed
     * @param transB whether the second is used transposed
     * @param alpha what the product is multiplied by
     * @param beta what the addend is multiplied by
     */
    record Product(boolean transA, boolean transB, double alpha, double beta) implements Attribute {}

    /**
     * Axes, or an order of axes.
     *
     * @param axes counted from 0
     */
    record Axes(List<Integer> axes) implements Attribute {
        /**
         * Copies the axes.
         *
         * @param axes counted from 0
         */
        public Axes {
            axes = List.copyOf(axes);
        }
    }

    /**
     * The shape of the result.
     *
     * @param shape the shape
     */
    record To(Shape shape) implements Attribute {}

    /**
     * A stretch of rows.
     *
     * @param start the first
     * @param count how many
     */
    record Rows(long start, Dim count) implements Attribute {}

    /**
     * A small number that keeps a denominator from zero.
     *
     * @param epsilon the number
     */
    record Epsilon(double epsilon) implements Attribute {}

    /**
     * A type of number.
     *
     * @param type the type
     */
    record Type(DataType type) implements Attribute {}
}
