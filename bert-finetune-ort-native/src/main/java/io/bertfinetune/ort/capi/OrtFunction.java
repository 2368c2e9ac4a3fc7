package io.bertfinetune.ort.capi;

/**
 * The functions of ONNX Runtime's C API that are used, with their places in the table {@code OrtApi}. A place never
 * changes: new functions are added behind the last.
 */
enum OrtFunction {
    CREATE_STATUS("CreateStatus", 0),
    GET_ERROR_MESSAGE("GetErrorMessage", 2),
    CREATE_ENV_WITH_CUSTOM_LOGGER("CreateEnvWithCustomLogger", 4),
    DISABLE_TELEMETRY_EVENTS("DisableTelemetryEvents", 6),
    CREATE_SESSION_FROM_ARRAY("CreateSessionFromArray", 8),
    RUN("Run", 9),
    CREATE_SESSION_OPTIONS("CreateSessionOptions", 10),
    DISABLE_MEMORY_PATTERN("DisableMemPattern", 17),
    SET_INTRA_OP_NUM_THREADS("SetIntraOpNumThreads", 24),
    SET_INTER_OP_NUM_THREADS("SetInterOpNumThreads", 25),
    CREATE_CUSTOM_OP_DOMAIN("CreateCustomOpDomain", 26),
    CUSTOM_OP_DOMAIN_ADD("CustomOpDomain_Add", 27),
    ADD_CUSTOM_OP_DOMAIN("AddCustomOpDomain", 28),
    CREATE_TENSOR_WITH_DATA("CreateTensorWithDataAsOrtValue", 49),
    GET_TENSOR_DATA("GetTensorMutableData", 51),
    CREATE_MEMORY_INFO("CreateMemoryInfo", 68),
    ALLOCATOR_ALLOC("AllocatorAlloc", 75),
    ALLOCATOR_FREE("AllocatorFree", 76),
    KERNEL_INFO_GET_FLOAT("KernelInfoGetAttribute_float", 85),
    KERNEL_INFO_GET_INT("KernelInfoGetAttribute_int64", 86),
    KERNEL_GET_INPUT("KernelContext_GetInput", 90),
    KERNEL_GET_OUTPUT("KernelContext_GetOutput", 91),
    RELEASE_STATUS("ReleaseStatus", 93),
    RELEASE_MEMORY_INFO("ReleaseMemoryInfo", 94),
    RELEASE_SESSION("ReleaseSession", 95),
    RELEASE_VALUE("ReleaseValue", 96),
    RELEASE_SESSION_OPTIONS("ReleaseSessionOptions", 100),
    RELEASE_CUSTOM_OP_DOMAIN("ReleaseCustomOpDomain", 101),
    ADD_SESSION_CONFIG_ENTRY("AddSessionConfigEntry", 130),
    CREATE_ALLOCATOR("CreateAllocator", 131),
    RELEASE_ALLOCATOR("ReleaseAllocator", 132),
    APPEND_CUDA("SessionOptionsAppendExecutionProvider_CUDA_V2", 204),
    CREATE_CUDA_OPTIONS("CreateCUDAProviderOptions", 205),
    UPDATE_CUDA_OPTIONS("UpdateCUDAProviderOptions", 206),
    RELEASE_CUDA_OPTIONS("ReleaseCUDAProviderOptions", 208),
    KERNEL_PARALLEL_FOR("KernelContext_ParallelFor", 274),
    GET_ASSIGNMENT("Session_GetEpGraphAssignmentInfo", 407),
    GET_PROVIDER_OF_ASSIGNMENT("EpAssignedSubgraph_GetEpName", 408),
    GET_NODES_OF_ASSIGNMENT("EpAssignedSubgraph_GetNodes", 409),
    GET_NAME_OF_NODE("EpAssignedNode_GetName", 410),
    GET_OPERATOR_OF_NODE("EpAssignedNode_GetOperatorType", 412),
    GET_TYPE_AND_SHAPE("GetTensorElementTypeAndShapeDataReference", 414);

    private final String cName;
    private final int place;

    OrtFunction(String cName, int place) {
        this.cName = cName;
        this.place = place;
    }

    /** Its name in {@code onnxruntime_c_api.h}. */
    String cName() {
        return cName;
    }

    /** Its place in the table, from 0. */
    int place() {
        return place;
    }
}
