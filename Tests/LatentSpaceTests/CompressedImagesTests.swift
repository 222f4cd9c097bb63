import Files
import Foundation
import LatentSpace
import Statistics
import Testing
import VAE

@Suite struct CompressedImagesTests {
  private static let model = ModelConfiguration(
    imageWidth: 4, imageHeight: 3, encoder: [5], latent: 3, decoder: [5])

  private static func compressed(
    bits: Int = 5, rule: Quantizer.Rule = .range, count: Int = 20
  ) throws -> CompressedImages {
    let codes = QuantizerTests.normals(count, 3)
    let quantizer = try Quantizer(codes, rule: rule, bits: bits)
    return CompressedImages(
      .init(
        program: "1", modelChecksum: "abc", model: model, data: "digits", count: count,
        quantizer: quantizer), indices: quantizer.indices(codes))
  }

  private static func read(
    _ data: Data, model: ModelConfiguration = model, checksum: String = "abc"
  ) throws -> CompressedImages {
    try CompressedImages(data, path: "f.vaez", model: model, modelChecksum: checksum)
  }

  @Test(arguments: [1, 5, 8, 9, 16], Quantizer.Rule.allCases)
  func whatIsWrittenIsRead(bits: Int, rule: Quantizer.Rule) throws {
    let compressed = try Self.compressed(bits: bits, rule: rule)
    let data = try compressed.data()
    #expect(try Self.read(data) == compressed)
    #expect(try compressed.data() == data)
  }

  @Test func labelsOfAConditionalModelAreKept() throws {
    var conditional = Self.model
    conditional.classes = 4
    let plain = try Self.compressed()
    var header = plain.header
    header.hasLabels = true
    let labels = (0..<20).map { UInt8($0 % 4) }
    let compressed = CompressedImages(header, indices: plain.indices, labels: labels)
    #expect(try Self.read(compressed.data(), model: conditional) == compressed)
    #expect(throws: LatentSpaceError.self) { try Self.read(compressed.data()) }
    #expect(throws: LatentSpaceError.self) { try Self.read(plain.data(), model: conditional) }
  }

  @Test func anyDamageIsFound() throws {
    let data = try Self.compressed().data()
    for index in data.indices {
      var damaged = data
      damaged[index] ^= 1 << (index % 8)
      #expect(throws: LatentSpaceError.self, "byte \(index)") { try Self.read(damaged) }
      #expect(throws: LatentSpaceError.self, "cut to \(index)") {
        try Self.read(data.prefix(index))
      }
    }
    #expect(throws: LatentSpaceError.self) { try Self.read(data + [0]) }
  }

  /// A file with another checksum that is right: `change` sees all before it.
  private static func resealed(_ data: Data, _ change: (inout Data) -> Void) -> Data {
    var content = Data(data.dropLast(4))
    change(&content)
    let checksum = Deflate.crc32(content)
    return content + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
  }

  @Test func aSoundChecksumDoesNotMakeSense() throws {
    let data = try Self.compressed().data()
    #expect(try Self.read(Self.resealed(data) { _ in }) == Self.compressed())
    let newer = Self.resealed(data) { $0[4] = 2 }
    #expect(throws: LatentSpaceError.compressedVersion(path: "f.vaez", found: 2, known: 1)) {
      try Self.read(newer)
    }
    for (old, new) in [
      ("\"count\":20", "\"count\":21"), ("\"count\":20", "\"count\":-1"),
      ("\"count\":20", "\"count\":9999999999"), ("\"bits\":5", "\"bits\":99"),
      ("\"bits\":5", "\"bits\":2"), ("\"bits\":5", "\"bits\":9"), ("\"width\":4", "\"width\":3"),
      ("\"rule\":\"range\"", "\"rule\":\"quantiles\""),
    ] {
      let changed = Self.resealed(data) { content in
        guard let range = content.range(of: Data(old.utf8)) else { return }
        content.replaceSubrange(range, with: Data(new.utf8))
        let change = new.utf8.count - old.utf8.count
        let size = (0..<4).reduce(0) { $0 | Int(content[8 + $1]) << (8 * $1) } + change
        for byte in 0..<4 { content[8 + byte] = UInt8(truncatingIfNeeded: size >> (8 * byte)) }
      }
      #expect(changed != data)
      let error = #expect(throws: LatentSpaceError.self, "\(new)") { try Self.read(changed) }
      guard case .compressedDamaged = error else {
        Issue.record("\(new): \(String(describing: error))")
        continue
      }
    }
  }

  @Test func anotherModelIsRefused() throws {
    let data = try Self.compressed().data()
    #expect(
      throws: LatentSpaceError.compressedWithAnotherModel(
        path: "f.vaez", expected: "abc", found: "abd")
    ) { try Self.read(data, checksum: "abd") }
    var other = Self.model
    other.latent = 2
    #expect(throws: LatentSpaceError.self) { try Self.read(data, model: other) }
  }

  @Test func whatVariesLittleCostsLittle() throws {
    let codes = QuantizerTests.normals(4000, 2)
    let flat = Matrix(
      rows: 4000, columns: 2,
      values: codes.values.enumerated().map { $0.offset % 2 == 1 ? 1e-4 * $0.element : $0.element })
    let sizes = try [codes, flat].map { codes in
      let quantizer = try Quantizer(codes, rule: .range, bits: 6)
      return CodePayload.encode(quantizer.indices(codes), dimensions: 2, bits: 6).count
    }
    #expect(Double(sizes[1]) < 0.56 * Double(sizes[0]))
    // No more than the 6 bits themselves, and no less than a normal's entropy at this step.
    #expect(sizes[0] < 4000 * 2 * 6 / 8)
    let step = Double(try Quantizer(codes, rule: .range, bits: 6).step)
    let entropy = 0.5 * log2(2 * Double.pi * M_E) - log2(step)
    #expect(Double(sizes[0]) * 8 / 8000 > 0.98 * entropy)
    #expect(Double(sizes[0]) * 8 / 8000 < 1.1 * entropy)
  }

  @Test func distortionByHand() {
    var distortion = Distortion()
    distortion.add([0, 255, 51][...], [0, 1, 0.2])
    #expect(distortion.meanSquaredError == 0 && distortion.peakSignalToNoise == .infinity)
    // A tenth of the range in one of four pixels; −0.3 and 7 are clipped.
    var other = Distortion()
    other.add([0, 255][...], [-0.3, 7])
    other.add([51, 51][...], [0.3001, 0.2])
    #expect(abs(other.meanSquaredError - 0.01 / 4) < 1e-4)
    #expect(abs(other.peakSignalToNoise - 26.02) < 0.2)
  }

  @Test func componentsOfPixelsAreThoseOfTheirIntensities() throws {
    var pixels: [UInt8] = []
    for row in 0..<1500 { pixels += (0..<4).map { UInt8((row * ($0 + 3) * 7 + $0) % 251) } }
    let fit = try PixelComponents(pixels, pixels: 4)
    let data = Matrix(rows: 1500, columns: 4, values: pixels.map { Double($0) / 255 })
    #expect(fit.components == (try PrincipalComponents(Moments(data))))
    let coordinates = fit.project(pixels, count: 4)
    #expect(coordinates == fit.components.project(data, count: 4))
    #expect(fit.distortion(of: coordinates, from: pixels).meanSquaredError == 0)
    #expect(
      fit.distortion(of: fit.project(pixels, count: 1), from: pixels).meanSquaredError > 0)
  }
}
