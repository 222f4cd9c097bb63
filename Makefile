# `make train` and `make test` do everything a machine with a Swift toolchain still lacks.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT_MINIMUM := 6.2
# What Package.swift builds and links with, OpenCL's loader and, for machines without a GPU, a device, and
# what downloads MNIST.
PACKAGES := opencl-c-headers ocl-icd-libopencl1 libopenblas-dev pocl-opencl-icd libpng-dev libgif-dev libturbojpeg0-dev zlib1g-dev curl
# One build serves programs and tests: the tests need no access that a program has not.
TEST_FLAGS := -c release --disable-testable-imports
# A virtual environment with Intel's OpenCL driver.
INTEL := .build/drivers

# Modules with articles.
DOCUMENTED := VAE Parity

BUNDLE := .build/bundle
# Linked into the bundle's program rather than laid beside it: a process loads one library of a name, and
# the host's OpenCL driver may need a newer libstdc++ or zlib than this machine's.
ARCHIVES := libopenblas.a libpng.a libgif.a libturbojpeg.a libz.a libstdc++.a
LOADER := libOpenCL.so.1

ARGS ?=
# Benchmarks/requirements-cuda.txt has JAX for a GPU too.
REQUIREMENTS ?= Benchmarks/requirements.txt

.PHONY: help deps packages toolchain build train test test-faults test-drivers test-oclgrind format lint docs bench bundle test-bundle clean

help: ## Lists what there is to make.
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 20

train: deps build ## Trains on the built-in digits and says where the pictures are. ARGS='--epochs 2' passes options.
	.build/release/vae train $(ARGS)

test: deps ## Runs every test, the OpenCL ones on PoCL where there is no GPU.
	swift test $(TEST_FLAGS)

test-faults: deps ## Tries every fault of Tests/FaultTests on kernels and BLAS: half an hour.
	VAE_FAULTS=all swift test $(TEST_FLAGS) --filter '^FaultTests\.'

test-drivers: deps build $(INTEL)/ready ## Compares PoCL and Intel's OpenCL driver for CPUs, and tests on both. Two minutes.
	Tests/Drivers/with-intel.sh $(INTEL) .build/release/vae compare
	Tests/Drivers/with-intel.sh $(INTEL) swift test $(TEST_FLAGS) --filter 'OpenCLBackendTests|TrainingTests'

$(INTEL)/ready: Tests/Drivers/requirements.txt
	@$(call install,python3-venv)
	python3 -m venv $(INTEL)
	$(INTEL)/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

test-oclgrind: deps build ## Looks for data races and wrong memory accesses with a simulator. Five minutes.
	@$(call install,oclgrind)
	Tests/Drivers/oclgrind.sh

build: toolchain ## Builds .build/release/vae.
	swift build -c release --product vae

deps: toolchain packages ## Installs the system packages that are missing.

packages:
	@$(call install,$(PACKAGES))

# Installs those of the packages $(1) that are missing.
define install
	if ! command -v dpkg-query >/dev/null; then \
	  echo "Not a Debian or Ubuntu: make sure that these are there, by whatever name: $(1)"; \
	  exit 0; \
	fi; \
	missing=(); \
	for package in $(1); do \
	  [[ "$$(dpkg-query -W -f '$${db:Status-Status}' $$package 2>/dev/null)" == installed ]] || missing+=($$package); \
	done; \
	if (( $${#missing[@]} == 0 )); then exit 0; fi; \
	sudo=(); \
	if (( EUID != 0 )); then \
	  if ! command -v sudo >/dev/null; then \
	    echo "error: missing packages; as root: apt-get install $${missing[*]}" >&2; \
	    exit 1; \
	  fi; \
	  sudo=(sudo); \
	fi; \
	echo "Installing $${missing[*]}"; \
	"$${sudo[@]}" apt-get update -qq; \
	"$${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -qq -y --no-install-recommends "$${missing[@]}"
endef

toolchain:
	@if ! command -v swift >/dev/null; then \
	  echo "error: no Swift toolchain in PATH; install Swift $(SWIFT_MINIMUM) or newer (https://www.swift.org/install)" >&2; \
	  exit 1; \
	fi; \
	version=$$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9.]+).*/\1/p' | head -n 1); \
	if [[ "$$(printf '%s\n' $(SWIFT_MINIMUM) "$$version" | sort -V | head -n 1)" != $(SWIFT_MINIMUM) ]]; then \
	  echo "error: Swift $${version:-of unknown version} found; $(SWIFT_MINIMUM) or newer is needed (https://www.swift.org/install)" >&2; \
	  exit 1; \
	fi

format: toolchain ## Formats the sources in place.
	swift format -i -r Package.swift Sources Tests

lint: toolchain ## Fails where the sources are not formatted.
	swift format lint --strict -r Package.swift Sources Tests

# Swift's own docc, without the plugin that would have to be fetched.
docs: build ## Makes pages of the articles and the library's interface in .build/docs.
	rm -rf .build/docs
	@triple=$$(swift -print-target-info | sed -nE '/"triple"/{s/.*: "(.*)".*/\1/p;q}'); \
	for module in $(DOCUMENTED); do \
	  mkdir -p .build/docs/symbols/$$module; \
	  swift symbolgraph-extract -module-name $$module -target "$$triple" -I .build/release/Modules \
	    $(addprefix -I ,$(wildcard Sources/C*)) -minimum-access-level public -output-dir .build/docs/symbols/$$module; \
	  docc convert Sources/$$module/$$module.docc --additional-symbol-graph-dir .build/docs/symbols/$$module \
	    --fallback-display-name $$module --fallback-bundle-identifier $$module --diagnostic-level error \
	    --transform-for-static-hosting --hosting-base-path $$module --output-dir .build/docs/$$module; \
	done
	@echo "python3 -m http.server --directory .build/docs, then in a browser:"
	@for module in $(DOCUMENTED); do echo "  http://localhost:8000/$$module/documentation/$${module,,}"; done

# Beyond Python: CLBlast, and what torch.compile compiles with.
bench: PACKAGES += libclblast1 python3-venv python3-dev g++
bench: deps build Benchmarks/.venv/ready ## Measures everything for Benchmarks/RESULTS.md. ARGS='--only matmul' passes options.
	Benchmarks/.venv/bin/python Benchmarks/all.py $(ARGS)

Benchmarks/.venv/ready: $(REQUIREMENTS)
	python3 -m venv Benchmarks/.venv
	Benchmarks/.venv/bin/pip install --quiet --disable-pip-version-check -r $(REQUIREMENTS)
	touch $@

bundle: deps ## Makes .build/bundle/vae.tar.gz for x86-64 hosts without Swift, OpenBLAS or an OpenCL loader.
	rm -rf $(BUNDLE)
	mkdir -p $(BUNDLE)/archives $(BUNDLE)/vae/lib $(BUNDLE)/vae/licenses
	@for name in $(ARCHIVES) $(LOADER); do \
	  file=$$(readlink -f "$$(clang -print-file-name=$$name)"); \
	  if ! package=$$(dpkg-query -S "$$file" | cut -d: -f1); then \
	    echo "error: $$name, or the Debian package it comes from, not found" >&2; \
	    exit 1; \
	  fi; \
	  echo "$$name of $$package"; \
	  cp /usr/share/doc/$$package/copyright $(BUNDLE)/vae/licenses/$$package; \
	  case $$name in \
	    *.a) ln -s "$$file" $(BUNDLE)/archives/$$name ;; \
	    *) cp "$$file" $(BUNDLE)/vae/lib/$$name ;; \
	  esac; \
	done
	@cp "$$(swift -print-target-info | sed -nE 's/.*"runtimeResourcePath": "(.*)".*/\1/p')"/../../share/swift/LICENSE.txt \
	  $(BUNDLE)/vae/licenses/swift
	@echo 'ICU, a part of Foundation: Copyright (C) 2016 and later: Unicode, Inc. and others.' \
	  'License & terms of use: http://www.unicode.org/copyright.html' >$(BUNDLE)/vae/licenses/icu
	swift build -c release --product vae --scratch-path .build/static --static-swift-stdlib \
	  -Xswiftc -use-ld=lld -Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xlinker -L$(CURDIR)/$(BUNDLE)/archives
	strip -o $(BUNDLE)/vae/vae .build/static/release/vae
	cp -r Kernels $(BUNDLE)/vae
	tar -C $(BUNDLE) --owner=0 --group=0 --numeric-owner -czf $(BUNDLE)/vae.tar.gz vae
	@du -h --apparent-size $(BUNDLE)/vae.tar.gz
	@objdump -T $(BUNDLE)/vae/vae | grep -oP 'GLIBC_\K[0-9.]+' | sort -Vu | tail -n 1 | sed 's/^/needs glibc /'

test-bundle: bundle ## Runs the bundle in a bare Debian that debootstrap makes. Needs root rights; five minutes.
	Tests/Bundle/test.sh

clean: ## Removes what was built. Runs and data stay.
	rm -rf .build Benchmarks/.venv
