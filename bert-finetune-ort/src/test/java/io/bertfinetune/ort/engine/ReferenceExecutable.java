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
        requireApart(inputs, outputs);
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

    /** An output may share memory with no tensor but the input it is declared to overwrite, and with that one wholly. */
    private void requireApart(Map<String, DeviceTensor> in, Map<String, DeviceTensor> out) {
        out.forEach((name, output) -> {
            String overwritten = program.overwrites().get(name);
            in.forEach((inputName, input) -> {
                boolean declared = inputName.equals(overwritten) && here(output).covers(here(input));
                if (!declared && here(output).overlaps(here(input))) {
                    throw shared("output " + name, "input " + inputName);
                }
            });
            out.forEach((otherName, other) -> {
                if (name.compareTo(otherName) < 0 && here(output).overlaps(here(other))) {
                    throw shared("output " + name, "output " + otherName);
                }
            });
        });
    }

    private ReferenceTensor here(DeviceTensor tensor) {
        if (tensor instanceof ReferenceTensor own) {
            return own;
        }
        throw new IllegalArgumentException("program " + program.name() + ": a tensor belongs to another engine");
    }

    private IllegalArgumentException shared(String one, String other) {
        return new IllegalArgumentException("program " + program.name() + ": " + one + " and " + other
                + " share memory, which the program does not declare");
    }

    @Override
    public void close() {
        closed = true;
    }
}
