package io.bertfinetune.ort.lowering;

import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.onnx.OnnxModel;

/**
 * How a program becomes an ONNX model for one kind of engine: which kernels compute an operator, and in which number
 * format. The meaning of the program never changes, only its time.
 */
@FunctionalInterface
public interface Lowering {
    /**
     * The program as an ONNX model with inputs and outputs of the same names.
     *
     * @param program the program
     * @return the model
     */
    OnnxModel lower(Program program);
}
