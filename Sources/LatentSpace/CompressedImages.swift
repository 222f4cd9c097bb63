import Files
import Foundation
import Statistics
import VAE

/// A data set as quantized codes: a `.vaez` file, which needs the model to become images again.
///
/// `VAEZ`, the format's number and the header's length as 32-bit little-endian words, the header as JSON,
/// the payload, and CRC-32 of all before it.
public struct CompressedImages: Equatable, Sendable {
  /// What the payload is.
  public struct Header: Codable, Equatable, Sendable {
    /// The version of the program that wrote the file.
    public var program: String
    /// SHA-256 of the model's file.
    public var modelChecksum: String
    /// The data set's name.
    public var data: String
    /// Number of images.
    public var count: Int
    /// Width of an image in pixels.
    public var width: Int
    /// Height of an image in pixels.
    public var height: Int
    /// Values of a pixel.
    public var channels: Int
    /// Whether the model is conditional, so that labels follow the codes.
    public var hasLabels: Bool
    /// The cells.
    public var quantizer: Quantizer

    /// The header of `count` images that `model` is to make.
    public init(
      program: String, modelChecksum: String, model: ModelConfiguration, data: String, count: Int,
      quantizer: Quantizer
    ) {
      self.program = program
      self.modelChecksum = modelChecksum
      self.data = data
      self.count = count
      width = model.imageWidth
      height = model.imageHeight
      channels = model.channels
      hasLabels = model.classes != nil
      self.quantizer = quantizer
    }
  }

  /// What the payload is.
  public let header: Header
  /// The cells, one row an image.
  public let indices: [UInt16]
  /// For a conditional model the class of each image, else none.
  public let labels: [UInt8]

  /// A data set to be written.
  public init(_ header: Header, indices: [UInt16], labels: [UInt8] = []) {
    precondition(
      indices.count == header.count * header.quantizer.lower.count, "a cell for each number")
    precondition(labels.count == (header.hasLabels ? header.count : 0), "labels where needed")
    self.header = header
    self.indices = indices
    self.labels = labels
  }

  /// The codes, one row an image.
  public var codes: Matrix { codes(0..<header.count) }

  /// The codes of some images, one row each.
  public func codes(_ images: Range<Int>) -> Matrix {
    let latent = header.quantizer.lower.count
    return header.quantizer.values(
      indices[images.lowerBound * latent..<images.upperBound * latent])
  }

  private static let magic = Data("VAEZ".utf8)
  private static let version = 1
}

extension CompressedImages {
  /// The file's bytes.
  public func data() throws -> Data {
    let text = try JSON.encode(header)
    var data = Self.magic
    for word in [Self.version, text.count] { data.append(word: UInt32(word)) }
    data += text
    data += CodePayload.encode(
      indices, dimensions: header.quantizer.lower.count, bits: header.quantizer.bits,
      labels: labels)
    data.append(word: Deflate.crc32(data))
    return data
  }

  /// Decodes `data`, which came from `path`, for the model whose file has the SHA-256 `modelChecksum`.
  ///
  /// - Throws: `LatentSpaceError`.
  public init(
    _ data: Data, path: String, model: ModelConfiguration, modelChecksum: String
  ) throws(LatentSpaceError) {
    func damaged(_ reason: String) -> LatentSpaceError {
      .compressedDamaged(path: path, reason: reason)
    }
    guard data.starts(with: Self.magic) else { throw damaged("it does not start with VAEZ") }
    guard data.count >= 16 else { throw damaged("it has only \(data.count) bytes") }
    guard data.word(at: data.count - 4) == Deflate.crc32(data.dropLast(4)) else {
      throw damaged("its checksum is wrong")
    }
    guard data.word(at: 4) == Self.version else {
      throw .compressedVersion(
        path: path, found: Int(data.word(at: 4)), known: Self.version)
    }
    let content = data.dropFirst(12).dropLast(4)
    let size = Int(data.word(at: 8))
    guard size <= content.count,
      let header = try? JSON.decode(Header.self, from: content.prefix(size))
    else { throw damaged("its header cannot be read") }
    guard header.modelChecksum == modelChecksum else {
      throw .compressedWithAnotherModel(
        path: path, expected: header.modelChecksum, found: modelChecksum)
    }
    let expected = [model.imageWidth, model.imageHeight, model.channels]
    guard [header.width, header.height, header.channels] == expected,
      header.hasLabels == (model.classes != nil), 1...1 << 31 ~= header.count,
      header.quantizer.isValid(latent: model.latent)
    else { throw damaged("its header makes no sense for the model") }
    guard
      let (indices, labels) = CodePayload.decode(
        Data(content.dropFirst(size)), count: header.count, dimensions: model.latent,
        bits: header.quantizer.bits, hasLabels: header.hasLabels)
    else { throw damaged("its codes cannot be read") }
    self.init(header, indices: indices, labels: labels)
  }
}

extension Data {
  fileprivate mutating func append(word: UInt32) {
    Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate func word(at offset: Int) -> UInt32 {
    dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
