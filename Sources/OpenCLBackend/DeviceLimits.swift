import COpenCL

/// Which kernels a device has enough registers and local memory for.
struct DeviceLimits {
  private let device: cl_device_id
  /// Bytes that a work-group's work-items share at most.
  let localMemory: Int

  init(_ device: cl_device_id) throws(OpenCLStatus) {
    self.device = device
    let bytes: UInt64 = try device.value(CL_DEVICE_LOCAL_MEM_SIZE)
    localMemory = Int(clamping: bytes)
  }

  /// The first kernel that the device cannot run in the only size of groups there is for it.
  func exceeded(by layout: Layout, _ program: borrowing Program) throws(OpenCLStatus) -> String? {
    for (kernels, size) in layout.fixedGroups {
      for name in kernels where try !canRun(name, program, inGroupsOf: size) { return name }
    }
    return nil
  }

  /// The tiles whose kernels it can run, the largest first.
  func tiles(_ program: borrowing Program) throws(OpenCLStatus) -> [GPUTile] {
    var tiles: [GPUTile] = []
    search: for tile in GPUTile.allCases {
      for name in tile.kernels where try !canRun(name, program, inGroupsOf: tile.items) {
        continue search
      }
      tiles.append(tile)
    }
    return tiles
  }

  private func canRun(
    _ name: String, _ program: borrowing Program, inGroupsOf size: Int
  ) throws(OpenCLStatus) -> Bool {
    let kernel = try Kernel(program, name: name)
    let (most, local) = (try kernel.maxGroupSize(on: device), try kernel.localMemory(on: device))
    return most >= size && local <= localMemory
  }
}
