#!/usr/bin/env bash
# Builds libraries with the names of CUDA's from cuda_stand_in.c, with a function for every one that a provider of ONNX
# Runtime wants.
#
#   cuda_stand_in.sh <libonnxruntime_providers_cuda.so> <folder for the libraries> <CUDA's include folder> 12|13
#
# Needs gcc and binutils (nm, strings).
set -euo pipefail

provider=$1 out=$2 include=$3 cuda=$4
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"

prefix='(__cuda|cuda|cublas|cudnn|cufft|curand|nvrtc|cu[A-Z])'
linked=$(nm -D --undefined-only "$provider" | awk '{print $2}' | sed 's/@.*//' | grep -E "^$prefix" | sort -u)
looked_up=$(strings -a "$provider" | grep -oE '\bcudnn[A-Z][A-Za-z0-9_]+' | sort -u || true)
written=$(grep -oE '\b(__)?(cuda|cublas|cudnn|cu)[A-Za-z0-9_]+ ?\(' "$here/cuda_stand_in.c" | tr -d '( ' | sort -u)
[ "$cuda" = 12 ] || written=$(grep -v cudaGetDeviceProperties_v2 <<<"$written")
[ "$cuda" = 13 ] || written=$(grep -vx cudaGetDeviceProperties <<<"$written")

{
    cat "$here/cuda_stand_in.c"
    for name in $(printf '%s\n' $linked $looked_up | sort -u); do
        grep -qx "$name" <<<"$written" && continue
        case $name in
            cudnnContext | cudnnStatus_t | cudnnHandle_t) ;; # types, not functions
            *emm* | *Matmul | *geam) echo "int $name(void) { return multiplied(); }" ;;
            *Create*) echo "int $name(void **h) { *h = handle(); return 0; }" ;;
            *) echo "int $name(void) { return 0; }" ;;
        esac
    done
} >"$out/all.c"

flags=()
[ "$cuda" = 12 ] && flags+=(-DCUDA12)
gcc -w -shared -fPIC -O1 "${flags[@]}" -I"$include" "$out/all.c" -o "$out/libstand_in.so" -lpthread

if [ "$cuda" = 12 ]; then
    names="libcudart.so.12 libcublas.so.12 libcublasLt.so.12 libcurand.so.10"
else
    names="libcudart.so.13 libcublas.so.13 libcublasLt.so.13 libcufft.so.12"
fi
for name in $names libcudnn.so.9 libcuda.so.1; do
    ln -sf libstand_in.so "$out/$name"
done
