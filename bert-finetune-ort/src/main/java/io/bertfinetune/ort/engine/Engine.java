package io.bertfinetune.ort.engine;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Device;
import io.bertfinetune.model.Precision;
import io.bertfinetune.ort.graph.DataType;
import io.bertfinetune.ort.graph.Program;
import java.util.Optional;

/** What runs graphs and keeps their numbers. */
public interface Engine extends AutoCloseable {
    /**
     * Its name in messages and logs.
     *
     * @return the name, with the version and what it runs on
     */
    String name();

    /**
     * Where it computes.
     *
     * @return the processor, unless an engine says otherwise
     */
    default Device device() {
        return Device.cpu();
    }

    /**
     * Whether its tensors lie in the host's own memory, where reading and writing them costs nothing. Elsewhere a step is
     * made of few large runs, and nothing is read back that need not be.
     *
     * @return true, unless an engine says otherwise
     */
    default boolean isOnHost() {
        return true;
    }

    /**
     * What is missing for products in a precision.
     *
     * @param precision that of the products; every engine has float32
     * @return what is missing, and of what; empty if {@link #compile(Program, Precision)} has it
     */
    default Optional<String> missingFor(Precision precision) {
        return precision == Precision.FLOAT32
                ? Optional.empty()
                : Optional.of(precision + " on " + device() + ": " + name() + " computes products in FLOAT32 alone");
    }

    /**
     * Memory for numbers, filled with zeros.
     *
     * @param type the kind of number
     * @param shape the dimensions, outermost first; none for a single number
     * @return the memory as a tensor; the caller closes it
     * @throws io.bertfinetune.error.EngineException if there is not enough
     */
    DeviceTensor allocate(DataType type, long... shape);

    /**
     * Memory beside the host's own, filled with zeros: for numbers that the host writes before every run or reads after
     * it. On another device a run copies them there and back; {@link #allocate} is for what stays.
     *
     * @param type the kind of number
     * @param shape the dimensions, outermost first; none for a single number
     * @return the memory as a tensor; the caller closes it
     * @throws io.bertfinetune.error.EngineException if there is not enough
     */
    default DeviceTensor allocateOnHost(DataType type, long... shape) {
        return allocate(type, shape);
    }

    /**
     * Makes a program ready to run.
     *
     * @param program the program
     * @return what runs it; the caller closes it
     * @throws IllegalArgumentException if an output is to overwrite an input that another node may still read
     * @throws io.bertfinetune.error.EngineException if the engine refuses the program
     */
    Executable compile(Program program);

    /**
     * Makes a program ready to run, with its products in this precision.
     *
     * @param program the program, in float32
     * @param precision the precision of the products; every engine has float32
     * @return what runs it; the caller closes it
     * @throws IllegalArgumentException as {@link #compile(Program)}
     * @throws io.bertfinetune.error.EngineException as {@link #compile(Program)}, or if the engine has no such
     *     precision
     */
    default Executable compile(Program program, Precision precision) {
        missingFor(precision).ifPresent(missing -> {
            throw new EngineException(missing);
        });
        return compile(program);
    }

    /**
     * Makes a small program ready for callers who run it on many pieces from several threads at once: each run keeps to
     * its caller's thread.
     *
     * @param program the program
     * @return what runs it; the caller closes it
     * @throws IllegalArgumentException as {@link #compile}
     * @throws io.bertfinetune.error.EngineException as {@link #compile}
     */
    Executable compileForPieces(Program program);

    /** Frees what the engine itself holds; tensors and executables are closed by those who made them, before. */
    @Override
    void close();
}
