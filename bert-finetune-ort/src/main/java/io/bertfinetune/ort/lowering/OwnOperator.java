package io.bertfinetune.ort.lowering;

/**
 * The operators of our own that {@link Bf16Lowering} and {@link CpuLowering#withOwnOperators} write, in the domain
 * {@value #DOMAIN}: matrix products of numbers that were rounded to bfloat16, with sums in 32 bits, and what makes such numbers;
 * products, GELU and LayerNorm of numbers of 32 bits. An engine that takes such models brings kernels for them.
 */
public enum OwnOperator {
    /** Numbers of 32 bits rounded to the nearest of bfloat16, to the even one between two. */
    ROUND("Round", Form.NONE, false, true),
    /**
     * {@code alpha · A' · B' + beta · C} of matrices of which A and B are rounded; C is not there, or one row, or as large as
     * the result.
     */
    GEMM("Gemm", Form.MATRICES, true, false),
    /** As {@link #GEMM}, the result rounded. */
    GEMM_ROUNDED("GemmRounded", Form.MATRICES, true, true),
    /** As {@link #GEMM}, of numbers of 32 bits. */
    GEMM_FLOAT("GemmFloat", Form.MATRICES, false, false),
    /**
     * {@code alpha · A · Bᵀ} for each example and head, of {@code [to, batch, heads, width]} and
     * {@code [from, batch, heads, width]}: {@code [batch, heads, to, from]}.
     */
    HEAD_SCORES("HeadScores", Form.SCORES, true, false),
    /** As {@link #HEAD_SCORES}, the result rounded. */
    HEAD_SCORES_ROUNDED("HeadScoresRounded", Form.SCORES, true, true),
    /**
     * {@code alpha · P' · V} for each example and head, of {@code [batch, heads, to, from]} and
     * {@code [from, batch, heads, width]}: {@code [to, batch, heads, width]}.
     */
    HEAD_MIX("HeadMix", Form.MIX, true, false),
    /** As {@link #HEAD_MIX}, the result rounded. */
    HEAD_MIX_ROUNDED("HeadMixRounded", Form.MIX, true, true),
    /** Numbers of 32 bits, multiplied one by one and rounded. */
    TIMES("Times", Form.TIMES, false, true),
    /** GELU of numbers of 32 bits, by erf. */
    GELU("Gelu", Form.GELU, false, false),
    /** As {@link #GELU}, computed in 32 bits and rounded. */
    GELU_ROUNDED("GeluRounded", Form.GELU, false, true),
    /** The gradient of GELU, of the result's gradient and of what GELU was taken of, all in 32 bits. */
    GELU_GRADIENT("GeluGradient", Form.GELU_GRADIENT, false, false),
    /** As {@link #GELU_GRADIENT}, computed in 32 bits and rounded. */
    GELU_GRADIENT_ROUNDED("GeluGradientRounded", Form.GELU_GRADIENT, false, true),
    /** LayerNorm of rows, with a weight and a bias, and the mean and the inverse deviation of each row, {@code [rows, 1]}. */
    LAYER_NORM("LayerNorm", Form.LAYER_NORM, false, false),
    /**
     * The gradients of LayerNorm's rows, weight and bias, of the result's gradient, the rows, the weight, and the mean and inverse
     * deviation of each row.
     */
    LAYER_NORM_GRADIENT("LayerNormGradient", Form.LAYER_NORM_GRADIENT, false, false);

    /** The domain of the operators in an ONNX model. */
    public static final String DOMAIN = "io.bertfinetune";

    /** Attribute: what a product is multiplied by. */
    public static final String ALPHA = "alpha";

    /** Attribute: what C is multiplied by. */
    public static final String BETA = "beta";

    /** Attribute: 1 if A is transposed. */
    public static final String TRANS_A = "transA";

    /** Attribute: 1 if B is transposed. */
    public static final String TRANS_B = "transB";

    /** Attribute: what LayerNorm adds to a variance. */
    public static final String EPSILON = "epsilon";

    /** What is computed, and how the operands of a product lie in memory. */
    public enum Form {
        /** Nothing: numbers are rounded. */
        NONE,
        /** Matrices. */
        MATRICES,
        /** Both operands head by head. */
        SCORES,
        /** The second operand and the result head by head. */
        MIX,
        /** Multiplication, number by number. */
        TIMES,
        /** GELU, number by number. */
        GELU,
        /** Its gradient, number by number. */
        GELU_GRADIENT,
        /** LayerNorm, row by row. */
        LAYER_NORM,
        /** Its gradients. */
        LAYER_NORM_GRADIENT
    }

    private final String onnxName;
    private final Form form;
    private final boolean ofRounded;
    private final boolean rounded;

    OwnOperator(String onnxName, Form form, boolean ofRounded, boolean rounded) {
        this.onnxName = onnxName;
        this.form = form;
        this.ofRounded = ofRounded;
        this.rounded = rounded;
    }

    /**
     * Its name in an ONNX model.
     *
     * @return the name
     */
    public String onnxName() {
        return onnxName;
    }

    /**
     * How its operands lie in memory.
     *
     * @return the form
     */
    public Form form() {
        return form;
    }

    /**
     * Whether what is multiplied was rounded to bfloat16.
     *
     * @return false if it has 32 bits
     */
    public boolean isOfRounded() {
        return ofRounded;
    }

    /**
     * Whether what comes out is rounded to bfloat16.
     *
     * @return false if it has 32 bits
     */
    public boolean isRounded() {
        return rounded;
    }

    /**
     * Whether it multiplies matrices, and has the attributes of a product.
     *
     * @return false for what works number by number
     */
    public boolean isProduct() {
        return switch (form) {
            case MATRICES, SCORES, MIX -> true;
            case NONE, TIMES, GELU, GELU_GRADIENT, LAYER_NORM, LAYER_NORM_GRADIENT -> false;
        };
    }

    /** The operator of a form. */
    static OwnOperator of(Form form, boolean ofRounded, boolean rounded) {
        for (OwnOperator each : values()) {
            if (each.form == form && each.ofRounded == ofRounded && each.rounded == rounded) {
                return each;
            }
        }
        throw new IllegalArgumentException("no operator " + form);
    }
}
