package io.bertfinetune.ort.capi;

import io.bertfinetune.error.EngineException;
import io.bertfinetune.model.Precision;
import java.util.List;
import java.util.Optional;

/**
 * What {@link CudaCheck} found.
 *
 * @param natives the build of ONNX Runtime that would be used; none if there is none for CUDA
 * @param driver the newest CUDA the driver serves, or that there is no driver
 * @param libraries what came of each library of CUDA, in the order they are loaded
 * @param devices the GPUs the driver shows
 * @param problems what stands in the way, in one sentence each with its remedy; the first is the one to mend first
 */
public record CudaFinding(
        Optional<CudaNatives> natives,
        String driver,
        List<String> libraries,
        List<CudaDevice> devices,
        List<String> problems) {
    /**
     * Copies the lists.
     *
     * @param natives the build of ONNX Runtime that would be used
     * @param driver the newest CUDA the driver serves, or that there is no driver
     * @param libraries what came of each library, in the order they are loaded
     * @param devices the GPUs the driver shows
     * @param problems what stands in the way, the first to mend first
     */
    public CudaFinding {
        libraries = List.copyOf(libraries);
        devices = List.copyOf(devices);
        problems = List.copyOf(problems);
    }

    /**
     * Whether nothing stands in the way.
     *
     * @return false if there is a problem
     */
    public boolean isUsable() {
        return problems.isEmpty();
    }

    /**
     * The GPU with this number.
     *
     * @param index its number, from 0
     * @return the GPU
     * @throws EngineException if CUDA cannot be used, or there is no such GPU, with what to do about it
     */
    public CudaDevice require(int index) {
        problem(index).ifPresent(problem -> {
            throw new EngineException(problem);
        });
        return devices.get(index);
    }

    /**
     * What is missing for products in a precision on the GPU with this number.
     *
     * @param index its number, from 0
     * @param precision that of the products
     * @return what is missing and what to do about it; empty if nothing is
     */
    public Optional<String> missingFor(int index, Precision precision) {
        return problem(index).or(() -> devices.get(index).missingFor(precision));
    }

    private Optional<String> problem(int index) {
        if (!problems.isEmpty()) {
            return Optional.of("CUDA cannot be used: " + problems.get(0));
        }
        return index < devices.size()
                ? Optional.empty()
                : Optional.of("CUDA cannot be used: there is no cuda:" + index + "; there are " + devices
                        + " (CUDA_VISIBLE_DEVICES=" + CudaCheck.visibleDevices() + ")");
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("natives:   ")
                .append(natives.map(CudaNatives::toString).orElse("none for CUDA on the class path"))
                .append('\n');
        text.append("driver:    ").append(driver).append('\n');
        devices.forEach(device -> text.append("device:    ").append(device).append('\n'));
        libraries.forEach(library -> text.append("library:   ").append(library).append('\n'));
        problems.forEach(problem -> text.append("problem:   ").append(problem).append('\n'));
        return text.append(isUsable() ? "CUDA can be used." : "CUDA cannot be used.")
                .toString();
    }
}
