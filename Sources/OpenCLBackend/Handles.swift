import Backend
import COpenCL

// OpenCL's objects, each owned by a noncopyable struct whose deinit releases it.

/// Devices that share memory and programs.
struct Context: ~Copyable {
  let handle: cl_context

  init(device: cl_device_id) throws(OpenCLStatus) {
    var status = CL_SUCCESS
    var identifier: cl_device_id? = device
    handle = try created(clCreateContext(nil, 1, &identifier, nil, nil, &status), status)
  }

  deinit { clReleaseContext(handle) }
}

/// An in-order queue of work for one device.
struct Queue: ~Copyable {
  let handle: cl_command_queue

  /// - Parameter timing: whether the commands' events are to know when they ran.
  init(_ context: borrowing Context, device: cl_device_id, timing: Bool) throws(OpenCLStatus) {
    var status = CL_SUCCESS
    let properties = cl_command_queue_properties(timing ? CL_QUEUE_PROFILING_ENABLE : 0)
    handle = try created(clCreateCommandQueue(context.handle, device, properties, &status), status)
  }

  /// Waits for everything enqueued.
  func finish() throws(OpenCLStatus) { try OpenCLStatus.check(clFinish(handle)) }

  deinit { clReleaseCommandQueue(handle) }
}

/// Device memory.
struct Memory: ~Copyable {
  let handle: cl_mem
  let bytes: Int

  /// Reserves `bytes`, at least one, since OpenCL knows no empty buffer.
  init(_ context: borrowing Context, bytes: Int) throws(OpenCLStatus) {
    var status = CL_SUCCESS
    self.bytes = max(bytes, 1)
    handle = try created(
      clCreateBuffer(context.handle, cl_mem_flags(CL_MEM_READ_WRITE), self.bytes, nil, &status),
      status)
  }

  /// Asks for large pages under a buffer in the host's memory, before anything is written to it.
  func preferLargePages(_ queue: borrowing Queue) throws(OpenCLStatus) {
    guard bytes >= largePageSize else { return }
    var status = CL_SUCCESS
    let address = clEnqueueMapBuffer(
      queue.handle, handle, cl_bool(CL_TRUE), cl_map_flags(CL_MAP_WRITE_INVALIDATE_REGION), 0,
      bytes, 0, nil, nil, &status)
    // Without them it does as well; what ails the buffer shows when it is used.
    guard status == CL_SUCCESS, let address else { return }
    askForLargePages(UnsafeMutableRawBufferPointer(start: address, count: bytes))
    try OpenCLStatus.check(clEnqueueUnmapMemObject(queue.handle, handle, address, 0, nil, nil))
  }

  /// Zeros, enqueued.
  func clear(_ queue: borrowing Queue) throws(OpenCLStatus) {
    var zero: UInt8 = 0
    try OpenCLStatus.check(
      clEnqueueFillBuffer(queue.handle, handle, &zero, 1, 0, bytes, 0, nil, nil))
  }

  /// Copies `source` to `offset` on, before it returns.
  func write(_ source: UnsafeRawBufferPointer, at offset: Int, _ queue: borrowing Queue)
    throws(OpenCLStatus)
  {
    guard let base = source.baseAddress, source.count > 0 else { return }
    try OpenCLStatus.check(
      clEnqueueWriteBuffer(
        queue.handle, handle, cl_bool(CL_TRUE), offset, source.count, base, 0, nil, nil))
  }

  /// Waits for everything enqueued, then copies from `offset` on.
  func read(_ target: UnsafeMutableRawBufferPointer, at offset: Int, _ queue: borrowing Queue)
    throws(OpenCLStatus)
  {
    guard let base = target.baseAddress, target.count > 0 else { return }
    try OpenCLStatus.check(
      clEnqueueReadBuffer(
        queue.handle, handle, cl_bool(CL_TRUE), offset, target.count, base, 0, nil, nil))
  }

  deinit { clReleaseMemObject(handle) }
}

/// Kernels built for one device.
struct Program: ~Copyable {
  let handle: cl_program

  private init(handle: cl_program) { self.handle = handle }

  /// Builds `source` with `options`.
  ///
  /// - Throws: `OpenCLError.buildFailed` with the compiler's log.
  static func build(
    _ context: borrowing Context, device: cl_device_id, source: String, options: String,
    name: String, folder: String
  ) throws -> Program {
    let owner = context.handle
    var status = CL_SUCCESS
    let program = source.withCString { text in
      var text: UnsafePointer<CChar>? = text
      return clCreateProgramWithSource(owner, 1, &text, nil, &status)
    }
    let built = Program(handle: try created(program, status))
    var identifier: cl_device_id? = device
    status = clBuildProgram(built.handle, 1, &identifier, options, nil, nil)
    if status != CL_SUCCESS {
      throw OpenCLError.buildFailed(
        device: name, kernels: folder, status: OpenCLStatus(code: status),
        log: buildLog(built.handle, device))
    }
    return built
  }

  deinit { clReleaseProgram(handle) }
}

/// One kernel of a program, with its arguments.
struct Kernel: ~Copyable {
  let handle: cl_kernel

  init(_ program: borrowing Program, name: String) throws(OpenCLStatus) {
    var status = CL_SUCCESS
    let kernel = clCreateKernel(program.handle, name, &status)
    guard let kernel, status == CL_SUCCESS else {
      throw OpenCLStatus(code: status, kernel: name)
    }
    handle = kernel
  }

  func set(_ index: Int, to argument: Argument) throws(OpenCLStatus) {
    switch argument {
    case .memory(let memory): try set(index, memory)
    case .offset(let value): try set(index, value)
    case .size(let value): try set(index, value)
    case .code(let value): try set(index, value)
    case .real(let value): try set(index, value)
    case .counter(let value): try set(index, value)
    case .key(let value): try set(index, value)
    }
  }

  /// Runs it with the arguments set.
  func enqueue(
    _ queue: borrowing Queue, _ grid: Grid, event: UnsafeMutablePointer<cl_event?>?
  ) throws(OpenCLStatus) {
    let queue = queue.handle
    let status = grid.global.span.withUnsafeBufferPointer { global in
      grid.local.span.withUnsafeBufferPointer { local in
        clEnqueueNDRangeKernel(
          queue, handle, cl_uint(global.count), nil, global.baseAddress, local.baseAddress, 0, nil,
          event)
      }
    }
    try OpenCLStatus.check(status)
  }

  /// How many work-items of the kernel `device` can run in one group.
  func maxGroupSize(on device: cl_device_id) throws(OpenCLStatus) -> Int {
    try property(CL_KERNEL_WORK_GROUP_SIZE, on: device)
  }

  /// Bytes of local memory that a group takes.
  func localMemory(on device: cl_device_id) throws(OpenCLStatus) -> Int {
    try property(CL_KERNEL_LOCAL_MEM_SIZE, on: device)
  }

  private func property<Value: FixedWidthInteger>(
    _ name: Int32, on device: cl_device_id
  ) throws(OpenCLStatus) -> Value {
    var value: Value = 0
    try OpenCLStatus.check(
      clGetKernelWorkGroupInfo(
        handle, device, cl_kernel_work_group_info(name), MemoryLayout<Value>.size, &value, nil))
    return value
  }

  private func set<Value: BitwiseCopyable>(_ index: Int, _ value: Value) throws(OpenCLStatus) {
    let status = withUnsafeBytes(of: value) {
      clSetKernelArg(handle, cl_uint(index), $0.count, $0.baseAddress)
    }
    try OpenCLStatus.check(status)
  }

  deinit { clReleaseKernel(handle) }
}

/// A kernel's argument, by its type in OpenCL C.
enum Argument {
  /// A buffer; `nil` is a null pointer.
  case memory(cl_mem?)
  /// `ulong`: an element of the arena.
  case offset(UInt64)
  /// `uint`: an extent.
  case size(UInt32)
  /// `int`: an enumeration's code.
  case code(Int32)
  /// `float`
  case real(Float)
  /// `uint4`
  case counter(SIMD4<UInt32>)
  /// `uint2`
  case key(SIMD2<UInt32>)
}

private func created(_ object: OpaquePointer?, _ status: Int32) throws(OpenCLStatus)
  -> OpaquePointer
{
  guard let object, status == CL_SUCCESS else { throw OpenCLStatus(code: status) }
  return object
}

private func buildLog(_ program: cl_program, _ device: cl_device_id) -> String {
  var size = 0
  let log = cl_program_build_info(CL_PROGRAM_BUILD_LOG)
  clGetProgramBuildInfo(program, device, log, 0, nil, &size)
  var text = [UInt8](repeating: 0, count: size)
  clGetProgramBuildInfo(program, device, log, size, &text, nil)
  return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
}
