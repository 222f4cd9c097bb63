import Backend

/// Images with rows and columns of zeros around each of their planes, one behind the other, so that a
/// kernel finds all that it covers.
struct PaddedImages: BitwiseCopyable {
  let shape: ImageShape
  /// Rows above and columns to the left.
  let before: Int
  private let height: Int
  private let width: Int

  /// - Parameters:
  ///   - before: rows above and columns to the left.
  ///   - after: rows below and columns to the right.
  init(_ shape: ImageShape, before: Int, after: (rows: Int, columns: Int)) {
    self.shape = shape
    self.before = before
    height = before + shape.height + after.rows
    width = before + shape.width + after.columns
  }

  /// Elements of an image.
  var count: Int { shape.planes * height * width * shape.depth }

  /// Where a pixel begins, counted in the padded image.
  func offset(plane: Int = 0, row: Int, column: Int) -> Int {
    ((plane * height + row) * width + column) * shape.depth
  }

  /// Writes the zeros of `count` images.
  func clear(_ memory: UnsafeMutablePointer<Float>, _ count: Int) {
    memory.update(repeating: 0, count: count * self.count)
  }

  /// Copies images into memory that has been cleared.
  func copy(
    _ images: UnsafePointer<Float>, _ range: Range<Int>,
    into memory: UnsafeMutablePointer<Float>
  ) {
    let run = shape.width * shape.depth
    var source = images + range.lowerBound * shape.count
    for image in 0..<range.count {
      for plane in 0..<shape.planes {
        for row in 0..<shape.height {
          let place = offset(plane: plane, row: before + row, column: before)
          (memory + image * count + place).update(from: source, count: run)
          source += run
        }
      }
    }
  }
}
