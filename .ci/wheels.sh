#!/usr/bin/env bash
# Packs what `python -m radio_core.bench gpu` needs on a machine without a network that has PyTorch with its usual
# company: wheels for Python 3.12 on x86-64 Linux, in the versions of constraints.txt, into .wheels/ (ignored by git).
#     bash .ci/wheels.sh [PYTHON_VERSION]
# There, in the clone:
#     python3 -m pip install -q --no-index --no-deps --no-compile --no-cache-dir --upgrade --target /tmp/site .wheels/*.whl
#     PYTHONPATH=/tmp/site python3 -m radio_core.bench gpu --minutes 9 --out "$OUT"
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wheels=(
    timm                 # students and teachers: this version's
    open_clip_torch      # teachers
    ftfy wcwidth         # of open_clip
    segment-anything     # teachers
    pydantic pydantic_core annotated-types typing-inspection # settings
    fastcore             # @patch
    plotly               # imported where figures are made
    webdataset braceexpand # shards
    tomesd               # a peer
)
# Expected there: torch torchvision numpy pillow pyyaml einops safetensors huggingface_hub typing-extensions packaging
# narwhals regex tensorboard scipy; for ONNX onnx onnxscript onnxruntime.
limit=$((64 * 2**20)) # bytes that can be carried to such a machine, the tree included

python=${PYTHON:-python3} version=${1:-3.12}
rm -rf .wheels
requirements=()
for name in "${wheels[@]}"; do
    line=$(grep -iE "^${name//[-_]/[-_]}==" constraints.txt) || { echo "constraints.txt has no version of $name" >&2; exit 1; }
    requirements+=("$line")
done
platforms=()
for tag in manylinux_2_28_x86_64 manylinux_2_27_x86_64 manylinux_2_17_x86_64 manylinux2014_x86_64 manylinux1_x86_64; do
    platforms+=(--platform "$tag")
done
"$python" -m pip download -q --no-deps --only-binary=:all: --implementation cp --python-version "$version" \
    "${platforms[@]}" --dest .wheels "${requirements[@]}"

packed=$(cat .wheels/*.whl | wc -c)
tree=$(git ls-files -z --cached --others --exclude-standard | xargs -0 cat 2>/dev/null | wc -c)
(cd .wheels && du -k --apparent-size ./*.whl | sort -rn)
printf 'wheels %.1f MiB, tree %.1f MiB, together %.1f of %.0f MiB\n' $(awk -v a="$packed" -v b="$tree" -v c="$limit" \
    'BEGIN { m = 2^20; print a / m, b / m, (a + b) / m, c / m }')
[ $((packed + tree)) -le "$limit" ] || { echo "more than can be carried: pack less" >&2; exit 1; }
