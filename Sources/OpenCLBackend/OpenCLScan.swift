import COpenCL
import Foundation

/// Every platform and device that the machine's OpenCL drivers offer, and every failure on the way:
/// a driver that cannot be used is passed over, and named.
public struct OpenCLScan: Codable, Hashable, Sendable {
  /// The platforms' names, those without devices included.
  public var platforms: [String]
  /// All devices, platform by platform.
  public var devices: [OpenCLDevice]
  /// What went wrong, a line each.
  public var failures: [String]

  /// A result, for decisions about machines that are not at hand.
  public init(platforms: [String], devices: [OpenCLDevice], failures: [String] = []) {
    self.platforms = platforms
    self.devices = devices
    self.failures = failures
  }

  /// What every platform answers.
  public static func current() -> OpenCLScan { machine.result }

  /// The handle of device `index`.
  static func handle(of index: Int) -> cl_device_id? {
    machine.handles.indices.contains(index) ? machine.handles[index] : nil
  }

  // Asked once: the ICD loader reads its drivers once a process, and PoCL's first answer is not safe
  // against a second thread that asks for it. The handles are constants.
  private nonisolated(unsafe) static let machine = scan()

  private static func scan() -> (result: OpenCLScan, handles: [cl_device_id]) {
    var result = OpenCLScan(platforms: [], devices: [], failures: DriverRegistry.failures())
    var handles: [cl_device_id] = []
    let platforms: [cl_platform_id]
    do {
      platforms = try list { clGetPlatformIDs($0, $1, $2) }
    } catch .platformNotFound {
      result.failures.append(
        opencl_loader_failure().map {
          "no OpenCL loader (Debian's package ocl-icd-libopencl1): \(String(cString: $0))"
        } ?? "no OpenCL platform is installed (\(OpenCLStatus.platformNotFound))")
      return (result, [])
    } catch {
      result.failures.append("the OpenCL platforms cannot be listed: \(error)")
      return (result, [])
    }
    if platforms.isEmpty { result.failures.append("no OpenCL platform is installed") }
    for (number, platform) in platforms.enumerated() {
      var name = "platform \(number)"
      do throws(OpenCLStatus) {
        name = try infoText {
          clGetPlatformInfo(platform, cl_platform_info(CL_PLATFORM_NAME), $0, $1, $2)
        }
        result.platforms.append(name)
        for device in try devices(of: platform) {
          let index = result.devices.count
          do throws(OpenCLStatus) {
            result.devices.append(
              try OpenCLDevice(index: index, platform: name, handle: device))
            handles.append(device)
          } catch {
            result.failures.append("a device of \(name) does not say what it is: \(error)")
          }
        }
      } catch OpenCLStatus(code: CL_DEVICE_NOT_FOUND) {
        result.failures.append("\(name) has no device")
      } catch {
        result.failures.append("\(name) cannot list its devices: \(error)")
      }
    }
    return (result, handles)
  }

  private static func devices(of platform: cl_platform_id) throws(OpenCLStatus) -> [cl_device_id] {
    try list { clGetDeviceIDs(platform, cl_device_type(CL_DEVICE_TYPE_ALL), $0, $1, $2) }
  }

  private static func list(
    _ query: (cl_uint, UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<cl_uint>?) ->
      Int32
  ) throws(OpenCLStatus) -> [OpaquePointer] {
    var count: cl_uint = 0
    try OpenCLStatus.check(query(0, nil, &count))
    var items = [OpaquePointer?](repeating: nil, count: Int(count))
    try OpenCLStatus.check(query(count, &items, nil))
    return items.compactMap { $0 }
  }
}
