/*
 * A CUDA without a GPU, for tests. Its device memory is memory of the host and its copies are real and counted; kernels
 * and matrix products are counted and left out, so that numbers mean nothing. What it shows is where ONNX Runtime puts
 * nodes, what is copied, whether certain bytes are among it, and what is not given back. cuda_stand_in.sh adds a function that does nothing for every other
 * one that ONNX Runtime's provider wants.
 */
#define _GNU_SOURCE /* memmem */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>

#include <driver_types.h>

enum { H2D, H2D_BYTES, D2H, D2H_BYTES, D2D, LAUNCHES, PRODUCTS, LIVE_BYTES, SEEN, KINDS };

static long counted[KINDS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What has been counted so far, for tests to ask. */
long stand_in_count(int kind) { return counted[kind]; }

/* Bytes that are looked for in what is copied to the device. */
static char *watched;
static size_t watched_size;

void stand_in_watch(const void *bytes, size_t n) {
    pthread_mutex_lock(&lock);
    free(watched);
    watched = malloc(n);
    memcpy(watched, bytes, n);
    watched_size = n;
    counted[SEEN] = 0;
    pthread_mutex_unlock(&lock);
}

/* ---- memory ---------------------------------------------------------------------------------------------------- */

#define MOST_RANGES 65536
static struct {
    char *start;
    size_t size;
} ranges[MOST_RANGES];
static int used;

static int is_device(const void *p) {
    for (int i = 0; i < used; i++)
        if (ranges[i].start && (char *)p >= ranges[i].start && (char *)p < ranges[i].start + ranges[i].size) return 1;
    return 0;
}

static void *aligned(size_t n) {
    size_t size = (n + 255) / 256 * 256;
    return aligned_alloc(256, size ? size : 256);
}

int cudaMalloc(void **p, size_t n) {
    *p = aligned(n);
    if (!*p) return 2;
    memset(*p, 0, n);
    pthread_mutex_lock(&lock);
    int i = 0;
    while (i < used && ranges[i].start) i++;
    if (i == MOST_RANGES) abort();
    ranges[i].start = *p;
    ranges[i].size = n;
    if (i == used) used++;
    counted[LIVE_BYTES] += n;
    pthread_mutex_unlock(&lock);
    return 0;
}

int cudaFree(void *p) {
    pthread_mutex_lock(&lock);
    for (int i = 0; p && i < used; i++)
        if (ranges[i].start == p) {
            counted[LIVE_BYTES] -= ranges[i].size;
            ranges[i].start = 0;
        }
    pthread_mutex_unlock(&lock);
    free(p);
    return 0;
}

int cudaMallocFromPoolAsync(void **p, size_t n, void *pool, void *stream) { return cudaMalloc(p, n); }
int cudaMallocAsync(void **p, size_t n, void *stream) { return cudaMalloc(p, n); }
int cudaFreeAsync(void *p, void *stream) { return cudaFree(p); }
int cudaMallocHost(void **p, size_t n) { return (*p = aligned(n)) ? 0 : 2; }
int cudaHostAlloc(void **p, size_t n, unsigned flags) { return cudaMallocHost(p, n); }
int cudaFreeHost(void *p) { free(p); return 0; }
int cudaMemGetInfo(size_t *left, size_t *all) { *left = *all = 80ull << 30; return 0; }
int cudaMemset(void *p, int value, size_t n) { memset(p, value, n); return 0; }
int cudaMemsetAsync(void *p, int value, size_t n, void *stream) { memset(p, value, n); return 0; }

int cudaMemcpy(void *to, const void *from, size_t n, int kind) {
    pthread_mutex_lock(&lock);
    int onto = is_device(to), off = is_device(from);
    if (onto && off) counted[D2D]++;
    if (onto && !off) {
        counted[H2D]++, counted[H2D_BYTES] += n;
        if (watched && memmem(from, n, watched, watched_size)) counted[SEEN]++;
    }
    if (!onto && off) counted[D2H]++, counted[D2H_BYTES] += n;
    pthread_mutex_unlock(&lock);
    memmove(to, from, n);
    return 0;
}

int cudaMemcpyAsync(void *to, const void *from, size_t n, int kind, void *stream) {
    return cudaMemcpy(to, from, n, kind);
}

/* ---- one device, an H100 by its numbers ------------------------------------------------------------------------ */

#ifdef CUDA12
#define VERSION 12090
/* As CUDA 12 lays it out; the headers at hand may be those of 13. */
struct properties_12 {
    char name[256], uuid[16], luid[8];
    unsigned nodeMask;
    size_t totalGlobalMem, sharedMemPerBlock;
    int regsPerBlock, warpSize;
    size_t memPitch;
    int maxThreadsPerBlock, maxThreadsDim[3], maxGridSize[3], clockRate;
    size_t totalConstMem;
    int major, minor;
    size_t textureAlignment, texturePitchAlignment;
    int deviceOverlap, multiProcessorCount;
};
int cudaGetDeviceProperties_v2(struct properties_12 *p, int device) {
    memset(p, 0, sizeof *p);
#else
#define VERSION 13000
int cudaGetDeviceProperties(struct cudaDeviceProp *p, int device) {
    memset(p, 0, sizeof *p);
    p->maxThreadsPerMultiProcessor = 2048;
    p->sharedMemPerBlockOptin = 232448;
    p->sharedMemPerMultiprocessor = 233472;
    p->regsPerMultiprocessor = 65536;
    p->l2CacheSize = 50 << 20;
#endif
    strcpy(p->name, "stand-in");
    p->major = 9;
    p->multiProcessorCount = 132;
    p->totalGlobalMem = 80ull << 30;
    p->sharedMemPerBlock = 49152;
    p->regsPerBlock = 65536;
    p->warpSize = 32;
    p->maxThreadsPerBlock = p->maxThreadsDim[0] = p->maxThreadsDim[1] = 1024;
    p->maxThreadsDim[2] = 64;
    p->maxGridSize[0] = 2147483647;
    p->maxGridSize[1] = p->maxGridSize[2] = 65535;
    return 0;
}

int cudaDeviceGetAttribute(int *value, int attribute, int device) {
    switch (attribute) {
        case 1: *value = 1024; break;
        case 10: *value = 32; break;
        case 16: *value = 132; break;
        case 39: *value = 2048; break;
        case 75: *value = 9; break;
        case 76: *value = 0; break;
        case 97: *value = 232448; break;
        default: *value = 65535;
    }
    return 0;
}

int cudaGetDeviceCount(int *n) { *n = 1; return 0; }
int cudaGetDevice(int *device) { *device = 0; return 0; }
int cudaSetDevice(int device) { return 0; }
int cudaDriverGetVersion(int *version) { *version = VERSION; return 0; }
int cudaRuntimeGetVersion(int *version) { *version = VERSION; return 0; }
const char *cudaGetErrorString(int error) { return "stand-in"; }
const char *cudaGetErrorName(int error) { return "stand-in"; }

int cuInit(unsigned flags) { return getenv("STAND_IN_STATUS") ? atoi(getenv("STAND_IN_STATUS")) : 0; }
int cuDriverGetVersion(int *version) {
    *version = getenv("STAND_IN_DRIVER") ? atoi(getenv("STAND_IN_DRIVER")) : VERSION;
    return 0;
}
int cuDeviceGetCount(int *n) { *n = 1; return 0; }
int cuDeviceGet(int *device, int index) { *device = index; return 0; }
int cuDeviceGetName(char *name, int n, int device) { snprintf(name, n, "stand-in"); return 0; }
int cuDeviceTotalMem_v2(size_t *n, int device) { *n = 80ull << 30; return 0; }
int cuDeviceGetAttribute(int *value, int attribute, int device) {
    return cudaDeviceGetAttribute(value, attribute, device);
}

/* ---- streams, kernels, libraries ------------------------------------------------------------------------------- */

static void *handle(void) { return calloc(1, 4096); }

int cudaStreamCreateWithFlags(void **stream, unsigned flags) { *stream = handle(); return 0; }
int cudaStreamDestroy(void *stream) { free(stream); return 0; }
int cudaEventCreateWithFlags(void **event, unsigned flags) { *event = handle(); return 0; }
int cudaEventCreate(void **event) { *event = handle(); return 0; }
int cudaEventDestroy(void *event) { free(event); return 0; }
int cudaEventElapsedTime(float *ms, void *from, void *to) { *ms = 1; return 0; }
int cudaLaunchHostFunc(void *stream, void (*f)(void *), void *argument) { f(argument); return 0; }
int cudaMemPoolCreate(void **pool, void *properties) { *pool = handle(); return 0; }

static int launched(void) { __sync_fetch_and_add(&counted[LAUNCHES], 1); return 0; }
static int multiplied(void) { __sync_fetch_and_add(&counted[PRODUCTS], 1); return 0; }

void **__cudaRegisterFatBinary(void *binary) { return handle(); }
int __cudaGetKernel(void **kernel, const void *f) { *kernel = (void *)f; return 0; }
int __cudaLaunchKernel(void *kernel) { return launched(); }
int cudaLaunchKernel(void *kernel) { return launched(); }
int cudaLaunchKernelExC(void *config, void *kernel, void **arguments) { return launched(); }

struct extent { unsigned x, y, z; };
static __thread size_t shared;
static __thread void *on;
unsigned __cudaPushCallConfiguration(struct extent grid, struct extent block, size_t memory, void *stream) {
    shared = memory;
    on = stream;
    return 0;
}
int __cudaPopCallConfiguration(struct extent *grid, struct extent *block, size_t *memory, void *stream) {
    grid->x = grid->y = grid->z = 1;
    *block = *grid;
    *memory = shared;
    *(void **)stream = on;
    return 0;
}
int cudaFuncGetAttributes(struct cudaFuncAttributes *a, const void *f) {
    memset(a, 0, sizeof *a);
    a->maxThreadsPerBlock = 1024;
    a->binaryVersion = a->ptxVersion = 90;
    return 0;
}
int cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *n, const void *f, int block, size_t memory, unsigned x) {
    *n = 2;
    return 0;
}

int cublasCreate_v2(void **h) { *h = handle(); return 0; }
int cublasDestroy_v2(void *h) { free(h); return 0; }
int cublasGetMathMode(void *h, int *mode) { *mode = 0; return 0; }

/* How often products were let be TensorFloat-32 (CUBLAS_TF32_TENSOR_OP_MATH). */
static long short_products;
int cublasSetMathMode(void *h, int mode) {
    if (mode == 3) __sync_fetch_and_add(&short_products, 1);
    return 0;
}
long stand_in_short_products(void) { return short_products; }

int cublasLtCreate(void **h) { *h = handle(); return 0; }
int cublasLtDestroy(void *h) { free(h); return 0; }
int cublasLtMatmulAlgoGetHeuristic(
        void *h, void *d, void *a, void *b, void *c, void *e, void *p, int wanted, void *result, int *found) {
    *found = 1;
    return 0;
}
int cudnnCreate(void **h) { *h = handle(); return 0; }
int cudnnDestroy(void *h) { free(h); return 0; }
const char *cudnnGetErrorString(int error) { return "stand-in"; }
size_t cudnnGetVersion(void) { return 91000; }
size_t cudnnGetCudartVersion(void) { return VERSION; }
