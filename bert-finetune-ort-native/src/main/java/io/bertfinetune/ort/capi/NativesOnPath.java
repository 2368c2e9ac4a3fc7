package io.bertfinetune.ort.capi;

import java.net.URL;
import java.util.List;
import java.util.stream.Stream;

/** Which builds of ONNX Runtime the class path has, by the resources of their jars. */
@FunctionalInterface
interface NativesOnPath {
    /** Where the class path has this resource: once for each jar that has it. */
    List<URL> resources(String name);

    /** The class path this library was loaded from. */
    static NativesOnPath ofThisProgram() {
        return name -> NativeFiles.resources(NativesOnPath.class.getClassLoader(), name);
    }

    /** The builds for CUDA, the one to prefer first. */
    default List<CudaNatives> forCuda() {
        return Stream.of(CudaNatives.BYTEDECO, CudaNatives.MICROSOFT)
                .filter(natives -> has(natives.folder() + CudaNatives.PROVIDER))
                .toList();
    }

    /** Whether Microsoft's build for the processor is there: a core, more of them than providers for CUDA. */
    default boolean hasBuildForProcessor() {
        CudaNatives own = CudaNatives.MICROSOFT;
        return resources(own.folder() + own.core()).size()
                > resources(own.folder() + CudaNatives.PROVIDER).size();
    }

    /** Whether the library that loads providers is there, beside the core. */
    default boolean isWhole(CudaNatives natives) {
        return has(natives.folder() + natives.core()) && has(natives.folder() + CudaNatives.PROVIDERS);
    }

    private boolean has(String name) {
        return !resources(name).isEmpty();
    }
}
