package io.bertfinetune.ort.onnx;

import java.util.List;

/** What an operator is told beside its inputs. */
public sealed interface Attribute {
    /**
     * A whole number.
     *
     * @param value the number
     */
    record Int(long value) implements Attribute {}

    /**
     * A floating point number.
     *
     * @param value the number
     */
    @SuppressWarnings("JavaLangClash") // ONNX's word
    record Float(float value) implements Attribute {}

    /**
     * Text.
     *
     * @param value the text
     */
    record Text(String value) implements Attribute {}

    /**
     * Whole numbers.
     *
     * @param values the numbers
     */
    record Ints(List<Long> values) implements Attribute {
        /**
         * Copies the numbers.
         *
         * @param values the numbers
         */
        public Ints {
            values = List.copyOf(values);
        }
    }

    /**
     * Floating point numbers.
     *
     * @param values the numbers
     */
    record Floats(List<java.lang.Float> values) implements Attribute {
        /**
         * Copies the numbers.
         *
         * @param values the numbers
         */
        public Floats {
            values = List.copyOf(values);
        }
    }

    /**
     * A tensor, as operator {@code Constant} has.
     *
     * @param value the tensor; its name does not matter
     */
    record Tensor(Initializer value) implements Attribute {}

    /**
     * A kind of attribute that is skipped when a file is read and cannot be written: a graph, several texts, several
     * tensors.
     *
     * @param type the code of {@code AttributeProto.AttributeType}
     */
    record Other(int type) implements Attribute {}
}
