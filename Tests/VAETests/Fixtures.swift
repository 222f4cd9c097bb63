import Backend
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
