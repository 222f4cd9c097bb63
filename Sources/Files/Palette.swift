/// At most 256 colours that stand for those of some images.
struct Palette {
  /// The colours: red, green and blue.
  let colors: [SIMD3<UInt8>]
  /// The colour for each of 2¹⁵ cells of the colour cube; empty where a pixel is its own index.
  private let indices: [UInt8]

  /// Greys as they are; colours by median cut (Heckbert 1982): the cube's fullest box is halved until there
  /// are 256, and each box shows the mean of its pixels.
  init(of images: [Image]) {
    guard images.contains(where: { $0.channels == 3 }) else {
      colors = (0...255).map { SIMD3(repeating: UInt8($0)) }
      indices = []
      return
    }
    var counts = [Int](repeating: 0, count: 1 << 15)
    var sums = [SIMD3<Int>](repeating: .zero, count: 1 << 15)
    for image in images {
      for pixel in 0..<image.width * image.height {
        let color = image.color(pixel)
        counts[Self.cell(color)] += 1
        sums[Self.cell(color)] &+= SIMD3(truncatingIfNeeded: color)
      }
    }
    var boxes = [counts.indices.filter { counts[$0] > 0 }]
    func population(_ box: [Int]) -> Int { box.count > 1 ? box.reduce(0) { $0 + counts[$1] } : 0 }
    while boxes.count < 256,
      let fullest = boxes.indices.max(by: { population(boxes[$0]) < population(boxes[$1]) }),
      boxes[fullest].count > 1
    {
      let (lower, upper) = Self.halves(of: boxes[fullest], counts)
      boxes[fullest] = lower
      boxes.append(upper)
    }
    colors = boxes.map { box in
      let count = box.reduce(0) { $0 + counts[$1] }
      let sum = box.reduce(SIMD3<Int>.zero) { $0 &+ sums[$1] }
      return SIMD3(truncatingIfNeeded: (sum &+ count / 2) / count)
    }
    var indices = [UInt8](repeating: 0, count: 1 << 15)
    for (index, box) in boxes.enumerated() {
      for cell in box { indices[cell] = UInt8(index) }
    }
    self.indices = indices
  }

  /// The index of each pixel's colour.
  func indices(of image: Image) -> [UInt8] {
    if indices.isEmpty { return image.pixels }
    return (0..<image.width * image.height).map { indices[Self.cell(image.color($0))] }
  }

  private static func cell(_ color: SIMD3<UInt8>) -> Int {
    Int(color.x >> 3) << 10 | Int(color.y >> 3) << 5 | Int(color.z >> 3)
  }

  /// The cells of a box on both sides of the median along its longest side.
  private static func halves(of box: [Int], _ counts: [Int]) -> ([Int], [Int]) {
    func place(_ cell: Int, _ shift: Int) -> Int { cell >> shift & 31 }
    func extent(_ shift: Int) -> Int {
      let places = box.map { place($0, shift) }
      return (places.max() ?? 0) - (places.min() ?? 0)
    }
    let shift = [5, 10, 0].max { extent($0) < extent($1) } ?? 5
    let sorted = box.sorted { (place($0, shift), $0) < (place($1, shift), $1) }
    let half = box.reduce(0) { $0 + counts[$1] } / 2
    var (passed, middle) = (counts[sorted[0]], 1)
    while middle < sorted.count - 1 && passed < half {
      passed += counts[sorted[middle]]
      middle += 1
    }
    return (Array(sorted[..<middle]), Array(sorted[middle...]))
  }
}

extension Image {
  /// A pixel's red, green and blue.
  fileprivate func color(_ pixel: Int) -> SIMD3<UInt8> {
    channels == 3
      ? SIMD3(pixels[3 * pixel], pixels[3 * pixel + 1], pixels[3 * pixel + 2])
      : SIMD3(repeating: pixels[pixel])
  }
}
