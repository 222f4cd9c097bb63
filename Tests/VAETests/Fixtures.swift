import Backend
import Foundation
import VAE

/// A model small enough for the reference backend.
let smallModel = ModelConfiguration(
  imageWidth: 4, imageHeight: 3, encoder: [9], latent: 3, decoder: [7])

/// Images with some structure: a bright bar at a random place, on noise.
func smallImages(count: Int, seed: UInt64 = 1) -> [UInt8] {
  var random = RandomNumbers(Noise(seed: seed, stream: .dataset))
  return (0..<count).flatMap { _ in
    let bar = Int(random.uniform() * 4)
    return (0..<smallModel.pixels).map { pixel in
      UInt8((pixel % 4 == bar ? 200 : 20) + 50 * random.uniform())
    }
  }
}

/// A folder that is gone when the test is over.
struct TemporaryFolder: ~Copyable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }
}
