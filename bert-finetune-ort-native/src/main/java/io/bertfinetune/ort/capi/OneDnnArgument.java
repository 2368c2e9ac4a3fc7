package io.bertfinetune.ort.capi;

/**
 * What a primitive reads or writes: {@code DNNL_ARG_SRC}, {@code _SRC_1}, {@code _WEIGHTS}, {@code _DST}, {@code _BIAS},
 * {@code _MEAN}, {@code _VARIANCE}, {@code _SCALE}, {@code _SHIFT}, {@code _SCRATCHPAD}, {@code _DIFF_SRC}, {@code _DIFF_DST},
 * {@code _DIFF_SCALE} and {@code _DIFF_SHIFT}; {@code _ATTR_SCALES} of the sources, and {@code _SRC_1} of the second
 * post-operation.
 */
enum OneDnnArgument {
    SOURCE(1),
    SECOND_SOURCE(2),
    WEIGHTS(33),
    RESULT(17),
    BIAS(41),
    MEAN(49),
    VARIANCE(50),
    SCALE(51),
    SHIFT(52),
    SCRATCHPAD(80),
    GRADIENT_OF_SOURCE(129),
    GRADIENT_OF_RESULT(145),
    GRADIENT_OF_SCALE(255),
    GRADIENT_OF_SHIFT(256),
    FACTOR_OF_SOURCE(4096 | 1),
    FACTOR_OF_SECOND_SOURCE(4096 | 2),
    ADDEND(2 * 32768 | 2);

    private final int code;

    OneDnnArgument(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
