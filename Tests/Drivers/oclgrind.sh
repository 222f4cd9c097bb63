#!/usr/bin/env bash
# Runs every operation on Oclgrind, a simulator of an OpenCL device, and fails where it reports a data
# race, an access outside a buffer, an uninitialized value or a wrong API call. What strays from a tensor
# but stays in the arena, the comparison's guard regions show.
#
# One process an operation, and no long sums: Oclgrind keeps a shadow of every value that a work-group
# computes until the group ends.
set -euo pipefail
cd "$(dirname "$0")/../.."

vae=.build/release/vae
kernels=Kernels
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The kernels for CPUs unoptimized: Oclgrind 21.10 reads beyond a vector where the optimizer has left a
# lane of a shuffle undefined, and crashes. They hold the tiles of a convolution in local memory, of which
# CPUs have more than Oclgrind's 32 KiB.
unoptimized=(--build-options -cl-opt-disable)
cpu=("${unoptimized[@]}" --local-mem-size 65536)
# Every tile of matmul_gpu.cl, with whole sums and in slices.
tiles=(128 64 32 64/3)

# simulate OPERATION TUNING[:TILE] [OPTION OF OCLGRIND...]: fails, and leaves what there is to say in
# $scratch/output and $scratch/report. Oclgrind's own exit code says nothing.
simulate() {
  local operation=$1 tuning=${2%%:*} tile=()
  if [[ $2 == *:* ]]; then tile=(--tile "${2#*:}"); fi
  shift 2
  # Oclgrind takes what a product leaves in the slices' own buffer, be it a constant, for uninitialized.
  local checks=(--data-races --uniform-writes --check-api)
  if [[ ${tile[*]} != */* ]]; then checks+=(--uninitialized); fi
  oclgrind "${checks[@]}" "$@" \
    "$vae" compare --backends opencl:0 --extent tiny --operation "$operation" --tuning "$tuning" \
    "${tile[@]}" --kernels "$kernels" >"$scratch/output" 2>"$scratch/report" &&
    grep -q 'Oclgrind Simulator' "$scratch/output" && [[ ! -s $scratch/report ]]
}

# detects WHAT FILE EDIT [ARGUMENT OF SIMULATE...]: demands that kernels with an edited file are
# reported for WHAT.
detects() {
  local what=$1 file=$2 edit=$3
  shift 3
  local kernels=$scratch/kernels
  rm -rf "$kernels"
  cp -r Kernels "$kernels"
  sed -i "$edit" "$kernels/$file"
  if cmp -s "Kernels/$file" "$kernels/$file"; then
    echo "error: $edit changes nothing in $file" >&2
    exit 1
  fi
  if simulate "$@" || ! grep -qi "$what" "$scratch/report"; then
    echo "error: Oclgrind does not report a fault of $file ($edit) as '$what'" >&2
    exit 1
  fi
  echo "a fault of $file is reported: $what"
}

# check NAME [ARGUMENT OF SIMULATE...]
failures=()
check() {
  local name=$1 start=$SECONDS
  shift
  if simulate "$@"; then
    echo "$name: nothing to report, $((SECONDS - start)) s"
  else
    echo "$name: FAIL, $((SECONDS - start)) s"
    failures+=("$name")
    head -n 60 "$scratch/report"
    grep -E '^FAIL' "$scratch/output" || true
  fi
}

detects 'read-write data race' reduction.h '/barrier(/d' 'kl divergence' gpu
detects 'write-write data race' posterior.cl 's/if (get_local_id(0) == 0) arena/arena/' \
  'kl divergence' gpu
detects 'invalid write' optimizer.cl 's/store(moved, v, left)/store(moved, v + (1 << 28), left)/' \
  momentum cpu "${cpu[@]}"
detects 'invalid read' gather.cl 's/i < left ? p\[i\] : 0/p[i]/' gather cpu "${cpu[@]}"
detects 'uninitialized value' vector.h 's/lanes\[i\] = i < left ? p\[i\] : 0.0f/if (i < left) lanes[i] = p[i]/' \
  'sum rows' cpu "${cpu[@]}"
detects 'CL_INVALID_ARG_SIZE' reduction.cl 's/uint columns/ulong columns/' 'sum rows' gpu

# The operations' names, from the comparison itself.
"$vae" compare --only operations --extent tiny --backends blas --json "$scratch/operations.json" \
  >/dev/null
mapfile -t operations < <(
  grep -oE '"operation" ?: ?"[^"]+"' "$scratch/operations.json" | cut -d '"' -f 4 | awk '!seen[$0]++'
)
if ((${#operations[@]} == 0)); then
  echo "error: the comparison's JSON names no operation" >&2
  exit 1
fi

for operation in "${operations[@]}"; do
  if [[ $operation == dense* ]]; then
    for tile in "${tiles[@]}"; do check "$operation, for GPUs, tile $tile" "$operation" "gpu:$tile"; done
  elif [[ $operation == *convolution* ]]; then
    # The optimizer makes instructions of their divisions that Oclgrind does not know.
    check "$operation, for GPUs" "$operation" gpu "${unoptimized[@]}"
  else
    check "$operation, for GPUs" "$operation" gpu
  fi
  check "$operation, for CPUs" "$operation" cpu "${cpu[@]}"
done

if ((${#failures[@]} > 0)); then
  printf 'error: Oclgrind, or the comparison, fails:\n' >&2
  printf '  %s\n' "${failures[@]}" >&2
  exit 1
fi
echo "Oclgrind reports nothing in $SECONDS s."
