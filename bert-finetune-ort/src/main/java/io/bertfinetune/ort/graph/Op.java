package io.bertfinetune.ort.graph;

/**
 * The operators a graph may hold, named as in ONNX where ONNX has them. Each has a method on {@link Value} that checks
 * shapes, a gradient in {@code GradientRules}, a meaning in the reference engine, and a translation in every lowering:
 * the compiler asks for all of them.
 */
public enum Op {
    /** The sum, element by element. */
    ADD("Add"),
    /** The difference. */
    SUB("Sub"),
    /** The product, element by element. */
    MUL("Mul"),
    /** The quotient. */
    DIV("Div"),
    /** The greater of the two. */
    MAX("Max"),
    /** The square root. */
    SQRT("Sqrt"),
    /** e to this power. */
    EXP("Exp"),
    /** The hyperbolic tangent. */
    TANH("Tanh"),
    /** The error function. */
    ERF("Erf"),
    /** −1, 0 or 1. */
    SIGN("Sign"),
    /** The absolute value. */
    ABS("Abs"),
    /** {@code alpha · A' · B' + C} of matrices. */
    GEMM("Gemm"),
    /** For each example and head, {@code alpha · A · Bᵀ}. */
    HEAD_SCORES("HeadScores"),
    /** For each example and head, {@code alpha · P' · V}. */
    HEAD_MIX("HeadMix"),
    /** Softmax over the last axis. */
    SOFTMAX("Softmax"),
    /** Logarithm of the softmax over the last axis. */
    LOG_SOFTMAX("LogSoftmax"),
    /** Softmax of scores, dropout, and the mix of values, for each example and head. */
    ATTEND("Attend"),
    /** The gradient of softmax, from its result and that one's gradient. */
    SOFTMAX_GRAD("SoftmaxGrad"),
    /** The gradients of attention's scores and values. */
    ATTEND_GRAD("AttendGrad"),
    /** Normalisation of rows, and their mean and one over their standard deviation. */
    LAYER_NORM("LayerNormalization"),
    /** The gradients of a normalisation's rows, weight and bias. */
    LAYER_NORM_GRAD("LayerNormalizationGrad"),
    /** The Gaussian error linear unit, by erf. */
    GELU("Gelu"),
    /** The gradient of GELU. */
    GELU_GRAD("GeluGrad"),
    /** The same numbers in another shape. */
    RESHAPE("Reshape"),
    /** Axes in another order. */
    TRANSPOSE("Transpose"),
    /** Repetition to a wider shape. */
    EXPAND("Expand"),
    /** Sums over axes, which stay with length 1. */
    REDUCE_SUM("ReduceSum"),
    /** Some rows of the first axis. */
    SLICE("Slice"),
    /** Rows of zeros before and after. */
    PAD("Pad"),
    /** Rows of a table picked by ids. */
    GATHER("Gather"),
    /** Rows added up into a table of zeros. */
    SCATTER_ADD("ScatterND"),
    /** For each id a row of zeros with a one. */
    ONE_HOT("OneHot"),
    /** Numbers of another type. */
    CAST("Cast");

    private final String onnxName;

    Op(String onnxName) {
        this.onnxName = onnxName;
    }

    /**
     * The operator's name in ONNX, or the one messages use.
     *
     * @return the name
     */
    public String onnxName() {
        return onnxName;
    }
}
