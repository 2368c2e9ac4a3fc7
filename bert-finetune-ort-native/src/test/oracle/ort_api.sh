#!/bin/sh
# Writes ../resources/ort_api_24.txt: the functions of OrtApi in their order. The C header is not in any jar, but the class
# that org.bytedeco's binding was generated to from it has them in the header's order.
#   ort_api.sh onnxruntime-1.24.1-1.5.13.jar javacpp-1.5.13.jar
set -e
out=$(dirname "$0")/../resources/ort_api_24.txt
echo "# The functions of OrtApi in their order, as of version 24 of the C API; made by src/test/oracle/ort_api.sh." > "$out"
javap -cp "$1:$2" org.bytedeco.onnxruntime.OrtApi |
    grep native | grep -v 'org.bytedeco.onnxruntime.OrtApi [A-Z]' |
    sed 's/.* \([A-Za-z_0-9]*\)(.*/\1/' | awk '!seen[$0]++' >> "$out"
