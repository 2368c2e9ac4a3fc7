package io.bertfinetune.ort.onnx;

/** One dimension of a shape: a number, or a name that gets its number when the model runs. */
public sealed interface OnnxDimension {
    /**
     * A number.
     *
     * @param size 0 or more
     */
    record Known(long size) implements OnnxDimension {
        /**
         * Checks the number.
         *
         * @param size 0 or more
         */
        public Known {
            if (size < 0) {
                throw new IllegalArgumentException("dimension " + size + " is negative");
            }
        }

        /**
         * The number, for messages.
         *
         * @return {@code 384}
         */
        @Override
        public String toString() {
            return Long.toString(size);
        }
    }

    /**
     * A name; dimensions of the same name are equal.
     *
     * @param name the name; empty if nothing is known of the dimension
     */
    record Named(String name) implements OnnxDimension {
        /**
         * The name, for messages.
         *
         * @return {@code batch}
         */
        @Override
        public String toString() {
            return name.isEmpty() ? "?" : name;
        }
    }

    /**
     * A dimension that is a number.
     *
     * @param size 0 or more
     * @return the dimension
     */
    static OnnxDimension of(long size) {
        return new Known(size);
    }

    /**
     * A dimension that is a name.
     *
     * @param name {@code batch} for instance; empty if nothing is known of the dimension
     * @return the dimension
     */
    static OnnxDimension named(String name) {
        return new Named(name);
    }
}
