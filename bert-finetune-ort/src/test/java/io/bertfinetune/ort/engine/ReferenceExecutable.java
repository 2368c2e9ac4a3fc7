package io.bertfinetune.ort.engine;

import io.bertfinetune.ort.graph.Program;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A program that {@link ReferenceInterpreter} runs. */
final class ReferenceExecutable implements Executable {
    private final Program program;
    private final Arguments arguments;
    private volatile boolean closed;

    ReferenceExecutable(Program program) {
        this.program = program;
        this.arguments = new Arguments(program);
    }

    @Override
    public void run(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
        if (closed) {
            throw new IllegalStateException("program " + program.name() + " is closed");
        }
        arguments.check(inputs, outputs);
        arguments.requireApart(
                arguments.ofKind(ReferenceTensor.class, inputs),
                arguments.ofKind(ReferenceTensor.class, outputs),
                ReferenceTensor::overlaps,
                ReferenceTensor::covers);
        Map<String, double[]> numbers = new HashMap<>();
        Map<String, List<Long>> shapes = new HashMap<>();
        inputs.forEach((name, tensor) -> {
            numbers.put(name, Numbers.read(tensor));
            shapes.put(name, tensor.shape());
        });
        Map<String, Long> dimensions = ReferenceInterpreter.dimensions(program.inputs(), shapes);
        ReferenceInterpreter.run(program, numbers, dimensions)
                .forEach((name, result) -> Numbers.write(outputs.get(name), result));
    }

    @Override
    public void close() {
        closed = true;
    }
}
