package io.bertfinetune.ort.engine;

import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Dim;
import io.bertfinetune.ort.graph.Program;
import io.bertfinetune.ort.graph.Value;
import io.bertfinetune.ort.lowering.AliasRule;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An engine in plain Java that computes in doubles and keeps numbers on the heap: {@link ReferenceInterpreter} runs it. */
public final class ReferenceEngine implements Engine {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public DeviceTensor allocate(DataType type, long... shape) {
        return ReferenceTensor.allocate(type, shape);
    }

    @Override
    public Executable compile(Program program) {
        AliasRule.of(program).check(program.overwrites());
        requireNamesOfInputs(program);
        return new ReferenceExecutable(program);
    }

    @Override
    public Executable compileForPieces(Program program) {
        return compile(program);
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    /** Every dimension name must be one that some input has by itself, or nobody knows its value. */
    private static void requireNamesOfInputs(Program program) {
        Set<Dim> known = dims(program.inputs().values()).collect(Collectors.toSet());
        Stream<Value> computed =
                program.graph().nodesFor(program.outputs().values()).stream().flatMap(node -> node.outputs().stream());
        List<String> unknown = dims(computed.toList())
                .flatMap(dim -> dim.names().stream())
                .distinct()
                .filter(name -> !known.contains(Dim.named(name)))
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("program " + program.name() + ": no input has dimensions " + unknown
                    + " by themselves; the inputs are " + program.inputs().values());
        }
    }

    private static Stream<Dim> dims(Collection<Value> values) {
        return values.stream().flatMap(value -> value.shape().dims().stream());
    }
}
