import Foundation
import Synchronization

/// A web server on this machine, for one test: it serves a table of files and misbehaves as told.
final class WebServer: Sendable {
  /// What a request for a file meets, in the order of the requests; the last one stays.
  enum Behaviour: Sendable {
    /// The file, or the part asked for.
    case serve(Data)
    /// The file, or the part asked for, but the connection breaks after so many bytes.
    case breakOff(Data, after: Int)
    /// The whole file, whatever part was asked for.
    case ignoreRange(Data)
    /// An error.
    case refuse(Int)
  }

  struct Request: Equatable, Sendable {
    let path: String
    /// The first byte asked for.
    let start: Int
  }

  private let descriptor: Int32
  private let port: UInt16
  private let behaviours: Mutex<[String: [Behaviour]]>
  private let log = Mutex<[Request]>([])

  /// The address of the folder that the files are in.
  var url: String { "http://127.0.0.1:\(port)/mnist" }
  /// The requests so far.
  var requests: [Request] { log.withLock { $0 } }

  /// - Parameter files: By name.
  init(_ files: [String: [Behaviour]]) throws {
    behaviours = Mutex(files)
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    port = try Self.listen(on: descriptor)
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        answer(connection)
        close(connection)
      }
    }
  }

  func stop() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  /// A port that nobody listens on.
  static func closedPort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    return try listen(on: descriptor)
  }

  private static func listen(on descriptor: Int32) throws -> UInt16 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, size) == 0 && Foundation.listen(descriptor, 8) == 0
          && getsockname(descriptor, pointer, &size) == 0
      }
    }
    guard status else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return UInt16(bigEndian: address.sin_port)
  }

  private func answer(_ connection: Int32) {
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = max(0, read(connection, &buffer, buffer.count))
    let lines = String(decoding: buffer.prefix(count), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
    let path = lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let start = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
      .flatMap { Int($0.dropFirst(13).prefix { $0 != "-" }) }
    log.withLock { $0.append(Request(path: path, start: start ?? 0)) }

    let name = String(path.split(separator: "/").last ?? "")
    let behaviour = behaviours.withLock { table -> Behaviour in
      guard let steps = table[name], let first = steps.first else { return .refuse(404) }
      if steps.count > 1 { table[name] = Array(steps.dropFirst()) }
      return first
    }
    switch behaviour {
    case .serve(let data): send(data, from: start, limit: .max, to: connection)
    case .breakOff(let data, let limit): send(data, from: start, limit: limit, to: connection)
    case .ignoreRange(let data): send(data, from: nil, limit: .max, to: connection)
    case .refuse(let status):
      send(
        "HTTP/1.1 \(status) No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", to: connection)
    }
  }

  private func send(_ data: Data, from start: Int?, limit: Int, to connection: Int32) {
    if let start, start >= data.count {
      let header = "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */\(data.count)\r\n"
      send(header + "Content-Length: 0\r\nConnection: close\r\n\r\n", to: connection)
      return
    }
    let part = data.dropFirst(start ?? 0)
    let status = start.map {
      "206 Partial Content\r\nContent-Range: bytes \($0)-\(data.count - 1)/\(data.count)"
    }
    let header = "HTTP/1.1 \(status ?? "200 OK")\r\nContent-Length: \(part.count)\r\n"
    send(header + "Connection: close\r\n\r\n", to: connection)
    send(Array(part.prefix(limit)), to: connection)
  }

  private func send(_ text: String, to connection: Int32) {
    send(Array(text.utf8), to: connection)
  }

  private func send(_ bytes: [UInt8], to connection: Int32) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(
          connection, $0.baseAddress?.advanced(by: sent), bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}
