package io.bertfinetune.ort.engine;

import java.util.Map;

/** A program ready to run, as often as wanted and from several threads. */
public interface Executable extends AutoCloseable {
    /**
     * Runs the program. Names, types, shapes and sizes are checked before; memory of an output may be that of an input
     * only where the program says so.
     *
     * @param inputs a tensor for every input of the program
     * @param outputs a tensor for every output, of the shape it will have, which is overwritten
     * @throws IllegalArgumentException if a tensor is missing, unknown, or does not fit; nothing has run
     * @throws io.bertfinetune.error.EngineException if the run fails
     */
    void run(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs);

    /**
     * The same run, to be done many times with the same tensors, which an engine may check only once, now.
     *
     * @param inputs as for {@link #run}
     * @param outputs as for {@link #run}
     * @return runs the program each time; fails as {@link #run} does, also if a tensor was closed since
     * @throws IllegalArgumentException if a tensor is missing, unknown, or does not fit, unless the run says so later
     */
    default Runnable bind(Map<String, DeviceTensor> inputs, Map<String, DeviceTensor> outputs) {
        return () -> run(inputs, outputs);
    }

    /** Frees what it holds. Closing twice does nothing. */
    @Override
    void close();
}
