#!/usr/bin/env bash
# Runs a command where the only OpenCL drivers are PoCL and Intel's for CPUs. Fails where either has no
# device, so that nothing passes for want of one.
#
# with-intel.sh FOLDER COMMAND...: FOLDER is a virtual environment with requirements.txt installed.
set -euo pipefail

folder=$(cd "$1" && pwd)
shift
intel=$folder/lib/libintelocl.so
pocl=/etc/OpenCL/vendors/pocl.icd
for file in "$intel" "$pocl"; do
  if [[ ! -e $file ]]; then
    echo "error: $file is missing; make test-drivers installs it" >&2
    exit 1
  fi
done

mkdir -p "$folder/vendors"
cp "$pocl" "$folder/vendors/"
# The library finds its own neighbours.
echo "$intel" >"$folder/vendors/intel.icd"
export OCL_ICD_VENDORS=$folder/vendors

devices=$(.build/release/vae devices)
for platform in 'Intel(R) OpenCL' 'Portable Computing Language'; do
  if [[ $devices != *"$platform"* ]]; then
    printf 'error: no device of %s among\n%s\n' "$platform" "$devices" >&2
    exit 1
  fi
done
exec "$@"
