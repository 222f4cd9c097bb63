// swift-tools-version: 6.2
import PackageDescription

// Modules point one way: vae → Backends, Parity, Benchmarking, LatentSpace → {OpenCL, BLAS,
// Reference}Backend, VAE, Datasets, Statistics → Backend, Files → C libraries, and beside them
// vae → Arguments, Plots → Terminal. `VAE` knows `Backend` alone, never a concrete backend.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A C library from the system's package manager: a module map and a shim header.
func system(_ name: String, apt package: String) -> Target {
  .systemLibrary(name: name, path: "Sources/\(name)", providers: [.apt([package])])
}

func c(_ name: String) -> Target {
  .target(name: name, cSettings: [.treatAllWarnings(as: .error)])
}

func library(_ name: String, _ dependencies: Target.Dependency..., resources: [Resource] = [])
  -> Target
{
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .testTarget(name: name, dependencies: ["TestSupport"] + dependencies, swiftSettings: strict)
}

let package = Package(
  name: "swift-vae",
  products: [
    .executable(name: "vae", targets: ["vae"]),
    .library(
      name: "VAE",
      targets: [
        "VAE", "Backend", "Backends", "Datasets", "Files", "LatentSpace", "Parity", "Statistics",
      ]),
  ],
  targets: [
    system("COpenBLAS", apt: "libopenblas-dev"),
    system("CGIF", apt: "libgif-dev"),
    system("CPNG", apt: "libpng-dev"),
    system("CTurboJPEG", apt: "libturbojpeg0-dev"),
    system("CZlib", apt: "zlib1g-dev"),
    c("COpenCL"),
    c("CVectorMath"),

    library("Backend"),
    library("ReferenceBackend", "Backend"),
    library("BLASBackend", "Backend", "COpenBLAS", "CVectorMath"),
    library("OpenCLBackend", "Backend", "COpenCL", resources: [.process("Kernels")]),
    library("Backends", "Backend", "Files", "ReferenceBackend", "BLASBackend", "OpenCLBackend"),

    library("Files", "CGIF", "CPNG", "CTurboJPEG", "CZlib"),
    library("Statistics", "Backend", "COpenBLAS"),
    library("Datasets", "Backend", "Files"),
    library("VAE", "Backend", "Files"),
    library("LatentSpace", "Backend", "Files", "Statistics", "VAE"),
    library("Benchmarking", "Backend", "VAE"),
    library("Parity", "Backend", "Files", "ReferenceBackend", "VAE"),

    library("Terminal"),
    library("Arguments", "Terminal"),
    library("Plots", "Terminal"),
    .executableTarget(
      name: "vae",
      dependencies: [
        "Arguments", "BLASBackend", "Backends", "Benchmarking", "Datasets", "Files", "LatentSpace",
        "OpenCLBackend", "Parity", "Plots", "Statistics", "Terminal", "VAE",
      ],
      swiftSettings: strict),

    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("BackendTests", "Backend", "ReferenceBackend"),
    tests("BLASBackendTests", "BLASBackend", "Parity"),
    tests("OpenCLBackendTests", "OpenCLBackend", "Parity"),
    tests("BackendsTests", "Backends"),
    tests("FilesTests", "Files", "CGIF"),
    tests("StatisticsTests", "Statistics", "Backend"),
    tests("LatentSpaceTests", "LatentSpace", "ReferenceBackend", "Files"),
    tests("DatasetsTests", "Datasets"),
    tests("VAETests", "VAE", "BLASBackend", "ReferenceBackend", "Datasets", "Files"),
    tests(
      "ParityTests", "Parity", "ReferenceBackend", "BLASBackend", "OpenCLBackend", "Datasets", "VAE"
    ),
    tests("BenchmarkingTests", "Benchmarking", "BLASBackend", "Datasets", "VAE"),
    tests("PlotsTests", "Plots"),
    tests("TerminalTests", "Terminal"),
    tests("ArgumentsTests", "Arguments"),
    tests("CommandLineTests", "vae", "Files", "Datasets", "Parity", "VAE"),
    tests("FaultTests", "vae"),
  ],
  cLanguageStandard: .gnu17
)
