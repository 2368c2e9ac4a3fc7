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
# What it does, each into a file of the report: the machine; the contract of engines and the parity with PyTorch on CUDA,
# without TensorFloat-32; CoLA and SST-2 with three seeds; steps of MiniLM, BERT-base and BERT-large in float32, TensorFloat-32
# and bfloat16 at three batch sizes, beside PyTorch eager, SDPA and compiled, with the most device memory each took.
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
    bytedeco) artifact=org.bytedeco:onnxruntime:1.24.1-1.5.13:jar:linux-x86_64-gpu jar=onnxruntime-1.24.1-1.5.13-linux-x86_64-gpu.jar ;;
    microsoft) artifact=com.microsoft.onnxruntime:onnxruntime_gpu:1.28.0 jar=onnxruntime_gpu-1.28.0.jar ;;
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
    wait $pid
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
run contract.txt mvn -Pgpu -pl bert-finetune-ort-native -am -Dtest='CudaEngineTest,*ParityTest,ResumeOnEngineTest' \
    -Dsurefire.failIfNoSpecifiedTests=false test || true # the report says what failed

say "accuracy"
if [ -n "$data" ]; then
    common=(--model_name_or_path examples/target/models/all-minilm-l6-v2.jar --text_column_names sentence
        --max_seq_length 64 --per_device_train_batch_size 32 --per_device_eval_batch_size 64 --do_train --do_eval)
    for seed in 42 43 44; do
        # Hugging Face's Trainer, mean of the seeds: accuracy 0.858
        run "sst2-$seed.txt" "${java_on_cuda[@]}" -cp "$path" io.bertfinetune.examples.Examples RunClassification \
            --train_file "$data/sst2/stsa.binary.train" --validation_file "$data/sst2/stsa.binary.dev" \
            --column_names label,sentence --delimiter first-space "${common[@]}" \
            --learning_rate 5e-5 --num_train_epochs 1 --seed $seed --output_dir "$out/sst2-$seed" || true
        # Hugging Face's Trainer, mean of the seeds: Matthews correlation 0.331
        run "cola-$seed.txt" "${java_on_cuda[@]}" -cp "$path" io.bertfinetune.examples.Examples RunClassification \
            --train_file "$data/cola/in_domain_train.tsv" --validation_file "$data/cola/in_domain_dev.tsv" \
            --column_names source,label,mark,sentence --metric_name accuracy,matthews_correlation "${common[@]}" \
            --learning_rate 1e-4 --num_train_epochs 4 --seed $seed --output_dir "$out/cola-$seed" || true
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
            own=(--precision "${precision/tf32/float32}")
            tf32=$([ $precision = tf32 ] && echo true || echo false)
            run "steps/$model-$batch-$precision-own.json" measured "${java_on_cuda[@]}" "-Dio.bertfinetune.cuda.tf32=$tf32" \
                -cp "benchmarks/target/benchmarks.jar:$out/natives/$jar" io.bertfinetune.benchmarks.Benchmarks device step \
                --work "$work" --model $model --batch $batch "${own[@]}" || true # out of memory is a result too
            [ -n "$python" ] || continue
            for how in eager sdpa compile; do
                run "steps/$model-$batch-$precision-$how.json" measured "$python" "$peer" "$work" $how $precision || true
            done
        done
        [ -n "$dry" ] || rm -rf "$work"
    done
done

if [ -z "$dry" ]; then
    {
        echo "# GPU report"
        echo
        sed 's/^/    /' "$out/doctor.txt"
        echo
        echo "| file | line |"
        echo "|---|---|"
        for file in "$out"/steps/*.json; do
            echo "| $(basename "$file") | $(tr '\n' ' ' <"$file") |"
        done
        for file in "$out"/sst2-*.txt "$out"/cola-*.txt; do
            [ ! -e "$file" ] || { echo; echo "## $(basename "$file")"; echo; grep -E 'eval_' "$file" | sed 's/^/    /' || true; }
        done
    } >"$out/README.md"
    say "$out/README.md"
fi
