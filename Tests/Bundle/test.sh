#!/usr/bin/env bash
# Runs the bundle in a bare Debian: first without Swift, OpenBLAS, libpng or anything of OpenCL, then with
# an OpenCL driver, the machine having a loader or not. `make test-bundle` builds the bundle before.
set -euo pipefail
cd "$(dirname "$0")/../.."

archive=.build/bundle/vae.tar.gz
limit=60000000
debian=.build/debian # Made once and left as it is.
root=.build/debian-test
mnist=../shared/mnist

fail() {
  echo "error: $*" >&2
  exit 1
}

((EUID == 0)) || fail "needs root rights, to enter another root file system: sudo $0"
command -v debootstrap >/dev/null || fail "needs debootstrap: apt-get install debootstrap"
[[ -f $archive ]] || fail "$archive does not exist: make bundle"
# What is mounted here is gone with this process.
[[ ${1:-} == mounted ]] || exec unshare --mount --propagation private "$0" mounted

inside() {
  env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

# passes WHAT PATTERN COMMAND...: the command succeeds and prints the pattern.
passes() {
  local what=$1 pattern=$2 output
  shift 2
  output=$(inside "$@" 2>&1) || fail "$what: exit code $?: $*"$'\n'"$output"
  [[ $output =~ $pattern ]] || fail "$what: no '$pattern' from: $*"$'\n'"$output"
  echo "ok  $what"
}

# refuses WHAT PATTERN COMMAND...: the command fails with exit code 1 and prints the pattern.
refuses() {
  local what=$1 pattern=$2 output status=0
  shift 2
  output=$(inside "$@" 2>&1) || status=$?
  ((status == 1)) || fail "$what: exit code $status, not 1: $*"$'\n'"$output"
  [[ $output =~ $pattern ]] || fail "$what: no '$pattern' from: $*"$'\n'"$output"
  echo "ok  $what"
}

bytes=$(stat -c %s "$archive")
((bytes <= limit)) || fail "$archive has $bytes bytes, more than $limit"
echo "ok  the archive has $bytes bytes"

if [[ ! -f $debian/complete ]]; then
  rm -rf --one-file-system "$debian"
  debootstrap --variant=minbase bookworm "$debian" >"$debian.log" || fail "debootstrap: see $debian.log"
  touch "$debian/complete"
fi
rm -rf --one-file-system "$root"
cp -a "$debian" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"

foreign=$(find "$root"/{usr,opt,etc} -iname '*opencl*' -o -name '*openblas*' -o -name 'libpng*' -o -name 'libswift*')
[[ -z $foreign ]] || fail "the bare root is not bare: $foreign"
tar -C "$root/opt" -xzf "$archive"
# Called by name, through a link: the kernels are beside what the link leads to.
ln -s /opt/vae/vae "$root/usr/local/bin/vae"

passes "starts" '^[0-9]+\.[0-9]+' vae --version
passes "lists BLAS, and says that there is no driver" 'auto takes blas: no OpenCL driver is registered' vae devices
passes "trains on the built-in digits" 'backend  blas on OpenBLAS.*no OpenCL driver.*test loss 1[23][0-9]\.' \
  vae train --epochs 1 --seed 1 --out /srv/digits
if [[ -d $mnist ]]; then
  mkdir "$root/srv/mnist"
  cp "$mnist"/*.gz "$root/srv/mnist"
  passes "trains on MNIST" 'test loss 12[0-9]\.' vae train --data /srv/mnist --epochs 1 --seed 1 --out /srv/run
else
  echo "SKIPPED  training on MNIST: there is no $mnist"
  mv "$root/srv/digits" "$root/srv/run"
fi
passes "evaluates" '"loss"' vae evaluate /srv/run --json
passes "samples" '' vae sample /srv/run --out /srv/samples.png
passes "writes PNG" 'PNG' head -c 4 /srv/samples.png
passes "compares" 'All within bounds' vae compare --backends blas --extent small
refuses "names curl where it is missing" 'curl' vae data mnist --out /srv/download
refuses "wants a GPU" 'GPU' vae train --require-gpu --out /srv/gpu

install() {
  echo "Installing $1"
  inside apt-get install -qq -y --no-install-recommends "$1" >>"$root/apt.log" 2>&1 || fail "see $root/apt.log"
}

# loads WHAT LIBRARY: the loader in use is that library, and OpenCL works through it.
loads() {
  local used
  used=$(inside env LD_DEBUG=files vae devices 2>&1 | grep -oP 'calling init: \K.*libOpenCL\S*')
  [[ $used == "$2" ]] || fail "$1: $used is in use, not $2"
  passes "$1" 'backend  opencl on .*.*test loss' \
    vae train --backend opencl:0 --epochs 1 --encoder 16 --decoder 16 --out "/srv/opencl$RANDOM"
}

inside apt-get update -qq >"$root/apt.log" 2>&1 || fail "see $root/apt.log"
install pocl-opencl-icd
loads "uses its own OpenCL loader where the machine has none" /opt/vae/lib/libOpenCL.so.1
passes "compares OpenCL" 'All within bounds' vae compare --backends blas,opencl:0 --extent small
install ocl-icd-libopencl1
loads "uses the machine's OpenCL loader" /lib/x86_64-linux-gnu/libOpenCL.so.1

umount -R "$root"/{proc,sys,dev}
rm -rf --one-file-system "$root"
echo "The bundle works."
