import COpenCL

/// A device of the machine, as `vae devices` lists it.
public struct OpenCLDevice: Codable, Hashable, Sendable {
  /// Its number among all devices of all platforms, from 0: `--backend opencl:INDEX`.
  public var index: Int
  /// The platform's name: the driver.
  public var platform: String
  /// The device's name.
  public var name: String
  /// Its kind.
  public var type: Kind
  /// The driver's version.
  public var driver: String
  /// The version of OpenCL it speaks, with the vendor's remarks.
  public var version: String
  /// Its memory in bytes.
  public var memory: Int
  /// The largest single allocation in bytes.
  public var maxAllocation: Int
  /// Its multiprocessors or cores.
  public var computeUnits: Int
  /// Whether the driver can compile kernels; without, the device is of no use here.
  public var compilerAvailable: Bool
  /// Whether the driver says that the device can be used at all.
  public var available: Bool

  /// What a device is.
  public enum Kind: String, Codable, Sendable {
    /// A graphics processor.
    case gpu
    /// Another processor made for computing.
    case accelerator
    /// The host's processor.
    case cpu
    /// None of these.
    case other
  }

  /// A device, for decisions about machines that are not at hand.
  public init(
    index: Int, platform: String, name: String, type: Kind, driver: String, version: String,
    memory: Int, maxAllocation: Int, computeUnits: Int, compilerAvailable: Bool = true,
    available: Bool = true
  ) {
    self.index = index
    self.platform = platform
    self.name = name
    self.type = type
    self.driver = driver
    self.version = version
    self.memory = memory
    self.maxAllocation = maxAllocation
    self.computeUnits = computeUnits
    self.compilerAvailable = compilerAvailable
    self.available = available
  }

  /// The most bytes of a buffer: the kernels count elements in 32 bits, of which some hold twice an index.
  public var largestBuffer: Int { min(maxAllocation, MemoryLayout<Float>.stride << 31) }

  /// `NVIDIA H200 (OpenCL 3.0 CUDA, driver 550.54)`: what is recorded with a result.
  public var summary: String { "\(name) (\(version), driver \(driver))" }
}

extension OpenCLDevice {
  init(index: Int, platform: String, handle: cl_device_id) throws(OpenCLStatus) {
    let type: UInt64 = try handle.value(CL_DEVICE_TYPE)
    let units: UInt32 = try handle.value(CL_DEVICE_MAX_COMPUTE_UNITS)
    let memory: UInt64 = try handle.value(CL_DEVICE_GLOBAL_MEM_SIZE)
    let allocation: UInt64 = try handle.value(CL_DEVICE_MAX_MEM_ALLOC_SIZE)
    let compiler: UInt32 = try handle.value(CL_DEVICE_COMPILER_AVAILABLE)
    let available: UInt32 = try handle.value(CL_DEVICE_AVAILABLE)
    self.init(
      index: index, platform: platform, name: try handle.text(CL_DEVICE_NAME),
      type: Kind(type), driver: try handle.text(CL_DRIVER_VERSION),
      version: try handle.text(CL_DEVICE_VERSION), memory: Int(clamping: memory),
      maxAllocation: Int(clamping: allocation), computeUnits: Int(units),
      compilerAvailable: compiler != 0, available: available != 0)
  }
}

extension OpenCLDevice.Kind {
  /// From `CL_DEVICE_TYPE`'s bits.
  init(_ bits: UInt64) {
    self =
      if bits & UInt64(CL_DEVICE_TYPE_GPU) != 0 {
        .gpu
      } else if bits & UInt64(CL_DEVICE_TYPE_ACCELERATOR) != 0 {
        .accelerator
      } else if bits & UInt64(CL_DEVICE_TYPE_CPU) != 0 {
        .cpu
      } else {
        .other
      }
  }
}

extension cl_device_id {
  /// A number that describes the device.
  func value<Value: FixedWidthInteger>(_ parameter: Int32) throws(OpenCLStatus) -> Value {
    var value: Value = 0
    try OpenCLStatus.check(
      clGetDeviceInfo(
        self, cl_device_info(parameter), MemoryLayout<Value>.size, &value, nil))
    return value
  }

  /// A text that describes the device.
  func text(_ parameter: Int32) throws(OpenCLStatus) -> String {
    try infoText { clGetDeviceInfo(self, cl_device_info(parameter), $0, $1, $2) }
  }
}

/// The text that `query`, given room, fills in and measures, without trailing blanks.
func infoText(
  _ query: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32
) throws(OpenCLStatus) -> String {
  var size = 0
  try OpenCLStatus.check(query(0, nil, &size))
  var bytes = [UInt8](repeating: 0, count: size)
  try OpenCLStatus.check(query(size, &bytes, nil))
  let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
