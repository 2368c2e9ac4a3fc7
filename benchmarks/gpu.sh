#!/usr/bin/env bash
# Everything that only a machine with an NVIDIA GPU can tell, in one report folder.
#
#   benchmarks/gpu.sh [--out FOLDER] [--natives bytedeco|microsoft] [--python PYTHON] [--data FOLDER] [--dry-run]
#
#   --out      the report's folder, gpu-report by default; steps that are in it already are not run again
#   --natives  the build of ONNX Runtime: bytedeco (CUDA 13, the default) or microsoft (CUDA 12)
#   --python   a Python with torch and transformers, to compare with; without it the library runs alone
#   --data     a folder with cola/ and sst2/ as docs/accuracy.md describes; without it accuracy is not measured
#   --dry-run  print the commands and run none
#
# What it does, each into a file of the report: the machine; the contract of engines and the parity of gradients and steps
# with PyTorch on CUDA, without TensorFloat-32; CoLA and SST-2 with three seeds, in float32 and bfloat16, beside Hugging
# Face's numbers; steps of MiniLM, BERT-base and BERT-large in float32, TensorFloat-32 and bfloat16 at three batch sizes, with
# and without fused kernels where the build has them, beside PyTorch eager, SDPA and compiled, with the most device memory
# each took. README.md of the report has it in tables.
# Needs mvn, a JDK 17, nvidia-smi, and the driver and libraries of docs/guides/cuda.md. Takes about two hours.
set -euo pipefail
cd "$(dirname "$0")/.."

out=gpu-report natives=bytedeco python= data= dry=
while [ $# -gt 0 ]; do
    case $1 in
        --out | --natives | --python | --data)
            [ $# -gt 1 ] || { echo "gpu.sh: $1 wants a value" >&2; exit 2; }
            printf -v "${1#--}" %s "$2"
            shift
            ;;
        --dry-run) dry=yes ;;
        --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; exit 0 ;;
        *) echo "gpu.sh: unknown flag $1; --help lists them" >&2; exit 2 ;;
    esac
    shift
done
case $out in
    /*) ;;
    *) out=$PWD/$out ;;
esac
case $natives in
    bytedeco) profiles=gpu,long variants="own own-plain" artifact=org.bytedeco:onnxruntime:1.24.1-1.5.13:jar:linux-x86_64-gpu jar=onnxruntime-1.24.1-1.5.13-linux-x86_64-gpu.jar ;;
    microsoft) profiles=gpu,gpu-microsoft,long variants=own artifact=com.microsoft.onnxruntime:onnxruntime_gpu:1.28.0 jar=onnxruntime_gpu-1.28.0.jar ;;
    *) echo "gpu.sh: --natives is '$natives', expected bytedeco or microsoft" >&2; exit 2 ;;
esac
word=$natives-gpu
java_on_cuda=(java "-Dio.bertfinetune.natives=$word")
examples=examples/target/bert-finetune-examples.jar
path=$examples:$out/natives/$jar

say() { echo "== $*"; }

# run FILE COMMAND… : the command's output into the report, once.
run() {
    local file=$out/$1
    shift
    if [ -n "$dry" ]; then
        printf '%s <-' "$file"
        printf ' %q' "$@"
        echo
        return
    fi
    [ ! -e "$file" ] || { echo "   $file is there already"; return; }
    mkdir -p "$(dirname "$file")"
    if "$@" >"$file.part" 2>"$file.log"; then
        mv "$file.part" "$file"
    else
        echo "   failed; see $file.log" >&2
        tail -3 "$file.log" >&2
        return 1
    fi
}

# measured COMMAND… : the command, and a line with the most device memory in use while it ran.
measured() {
    local most=0 now
    "$@" &
    local pid=$!
    while kill -0 $pid 2>/dev/null; do
        now=$(nvidia-smi --query-gpu=memory.used --format=csv,noheader,nounits -i 0)
        [ "$now" -le "$most" ] || most=$now
        sleep 0.2
    done
    wait $pid || return # what failed is no measurement
    echo "{\"device_memory_mib\": $most}"
}

say "build"
run build.txt mvn -q -DskipTests package
run natives.txt mvn -q -N dependency:copy -Dartifact=$artifact -DoutputDirectory="$out/natives"

say "the machine"
run machine.txt bash -c 'nvidia-smi; java -version 2>&1; lscpu | head -20; git log -1 --format=%H'
run doctor.txt "${java_on_cuda[@]}" -cp "$path" io.bertfinetune.examples.CudaDoctor
if [ -z "$dry" ] && ! grep -q 'CUDA can be used' "$out/doctor.txt"; then
    cat "$out/doctor.txt" >&2
    rm "$out/doctor.txt"
    exit 1
fi

say "contract and parity"
for variant in $variants; do
    fused=$([ $variant = own ] && echo true || echo false)
    run "contract-$variant.txt" mvn -B -Dstyle.color=never -P$profiles -Dgpu.natives=$word -Dio.bertfinetune.cuda.tf32=false \
        -Dio.bertfinetune.cuda.fused=$fused -pl bert-finetune-ort-native -am \
        -Dtest='CudaEngineTest,*ParityTest,ResumeOnEngineTest' -Dsurefire.failIfNoSpecifiedTests=false \
        -Dmaven.test.failure.ignore=true test || true # the report says what failed
done

say "accuracy"
if [ -n "$data" ]; then
    common=(--model_name_or_path examples/target/models/all-minilm-l6-v2.jar --text_column_names sentence
        --max_seq_length 64 --per_device_train_batch_size 32 --per_device_eval_batch_size 64 --do_train --do_eval)
    for precision in float32 bfloat16; do
        how=("${common[@]}")
        [ $precision = float32 ] || how+=(--bf16)
        for seed in 42 43 44; do
            run "sst2-$precision-$seed.txt" "${java_on_cuda[@]}" -cp "$path" io.bertfinetune.examples.Examples \
                RunClassification --train_file "$data/sst2/stsa.binary.train" \
                --validation_file "$data/sst2/stsa.binary.dev" --column_names label,sentence --delimiter first-space \
                "${how[@]}" --learning_rate 5e-5 --num_train_epochs 1 --seed $seed \
                --output_dir "$out/sst2-$precision-$seed" || true
            run "cola-$precision-$seed.txt" "${java_on_cuda[@]}" -cp "$path" io.bertfinetune.examples.Examples \
                RunClassification --train_file "$data/cola/in_domain_train.tsv" \
                --validation_file "$data/cola/in_domain_dev.tsv" --column_names source,label,mark,sentence \
                --metric_name accuracy,matthews_correlation "${how[@]}" --learning_rate 1e-4 --num_train_epochs 4 \
                --seed $seed --output_dir "$out/cola-$precision-$seed" || true
        done
    done
else
    echo "   no --data"
fi

say "steps"
peer=benchmarks/src/main/resources/io/bertfinetune/benchmarks/device_peer.py
for model in minilm base large; do
    for batch in 8 32 128; do
        work=$out/work-$model-$batch
        for precision in float32 tf32 bfloat16; do
            for variant in $variants; do
                fused=$([ $variant = own ] && echo true || echo false)
                run "steps/$model-$batch-$precision-$variant.json" measured "${java_on_cuda[@]}" \
                    "-Dio.bertfinetune.cuda.fused=$fused" -cp "benchmarks/target/benchmarks.jar:$out/natives/$jar" \
                    io.bertfinetune.benchmarks.Benchmarks device step --work "$work" --model $model --batch $batch \
                    --precision "${precision/tf32/tensor_float32}" || true # out of memory is a result too
            done
            [ -n "$python" ] || continue
            for how in eager sdpa compile; do
                run "steps/$model-$batch-$precision-$how.json" measured "$python" "$peer" "$work" $how $precision || true
            done
        done
        [ -n "$dry" ] || rm -rf "$work"
    done
done

# mean MEASURE FILE… : the mean of a measure over runs, and how many there are.
mean() {
    local measure=$1
    shift
    cat "$@" 2>/dev/null | awk -v name="$measure" '
        index($0, name) && match($0, /-?[0-9]+\.[0-9]+([eE]-?[0-9]+)?/) { sum += substr($0, RSTART, RLENGTH); n++ }
        END { if (n) printf "%.4f of %d runs", sum / n, n; else printf "none" }'
}

# results TASK MEASURE: the means in both precisions, as cells of a table.
results() {
    echo "$(mean "$2" "$out/$1"-float32-*/eval_results.json) | $(mean "$2" "$out/$1"-bfloat16-*/eval_results.json)"
}

report() {
    echo "# GPU report"
    echo
    sed 's/^/    /' "$out/doctor.txt"
    echo
    echo "## Contract and parity"
    echo
    for variant in $variants; do
        for file in "$out/contract-$variant.txt" "$out/contract-$variant.txt.part"; do
            [ -e "$file" ] || continue
            [ "$file" = "${file%.part}" ] && ! grep -qE '<<< (FAILURE|ERROR)!' "$file" && echo "    $variant: passed" ||
                echo "    $variant: FAILED"
            grep -E 'Tests run:.*(-- in|Time elapsed)|^\[ERROR\]   ' "$file" | sed 's/^/    /' || true
        done
    done
    echo
    echo "## Accuracy"
    echo
    echo "| task | measure | Hugging Face, mean of seeds 42 to 44 | float32 | bfloat16 |"
    echo "|---|---|---|---|---|"
    echo "| SST-2 | accuracy | 0.858 | $(results sst2 eval_accuracy) |"
    echo "| CoLA | Matthews correlation | 0.331 | $(results cola eval_matthews_correlation) |"
    echo
    echo "## Steps"
    echo
    echo "| file | line |"
    echo "|---|---|"
    for file in "$out"/steps/*.json; do
        [ ! -e "$file" ] || echo "| $(basename "$file") | $(tr '\n' ' ' <"$file") |"
    done
    for file in "$out"/steps/*.part; do
        [ ! -e "$file" ] || echo "| $(basename "$file" .part) | failed: $(tail -1 "${file%.part}.log" | tr '|' ' ') |"
    done
}

if [ -z "$dry" ]; then
    report >"$out/README.md"
    say "$out/README.md"
fi
