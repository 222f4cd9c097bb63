import Files

extension ImageDataset {
  /// Reads images from an `.npy` file, or images and labels from an `.npz` archive.
  ///
  /// Images are uint8, or float32 in [0, 1], of shape N×H×W, N×H×W×C or N×C×H×W with C = 1 or 3: the
  /// last where the second extent is 1 or 3 and the fourth is not. An archive names them `x_train`,
  /// `x_test` and, with labels 0 to 255, `y_train`, `y_test`; or `x` and `y`. A tenth of a set in one piece
  /// tests, always the same images.
  ///
  /// - Throws: `DatasetError`.
  public init(numPyFile path: String) throws(DatasetError) {
    let arrays: [String: NumPyArray]
    do {
      arrays =
        path.hasSuffix(".npz")
        ? try NumPyArray.archive(path) : ["x": try NumPyArray(contentsOf: path)]
    } catch {
      throw .file(error)
    }
    func images(_ name: String) throws(DatasetError) -> ArrayImages? {
      guard let array = arrays[name] else { return nil }
      return try ArrayImages(array, name: path.hasSuffix(".npz") ? "\(path)[\(name)]" : path)
    }
    func labels(_ name: String, for images: ArrayImages) throws(DatasetError) -> [UInt8]? {
      try arrays[name].map { array throws(DatasetError) in
        try array.labels(count: images.count, name: "\(path)[\(name)]")
      }
    }
    if let train = try images("x_train"), let test = try images("x_test") {
      guard (train.width, train.height, train.channels) == (test.width, test.height, test.channels)
      else {
        throw .mismatch(
          "x_train and x_test of \(path) are not of one shape", remedy: "save images of one size")
      }
      self.init(
        name: path, width: train.width, height: train.height, channels: train.channels,
        train: Split(
          count: train.count, pixels: train.pixels, labels: try labels("y_train", for: train)),
        test: Split(
          count: test.count, pixels: test.pixels, labels: try labels("y_test", for: test)))
    } else if let whole = try images("x") {
      let labels = try labels("y", for: whole)
      let split = Split(count: whole.count, pixels: whole.pixels, labels: labels)
      let partition = try Partition(count: whole.count, labels: labels, path: path)
      self.init(
        name: path, width: whole.width, height: whole.height, channels: whole.channels,
        train: split.selecting(partition.train), test: split.selecting(partition.test))
    } else {
      throw .missingArrays(path: path, found: arrays.keys.sorted())
    }
  }
}

/// An array read as images.
private struct ArrayImages {
  let count, width, height, channels: Int
  /// count × channels × height × width
  let pixels: [UInt8]

  init(_ array: NumPyArray, name: String) throws(DatasetError) {
    func refused(_ reason: String, _ remedy: String) -> DatasetError {
      .unusableArray(name: name, reason: reason, remedy: remedy)
    }
    let shape = array.shape
    let extents = "(\(shape.map(String.init).joined(separator: ", ")))"
    let isLast = shape.count == 4 && [1, 3].contains(shape[3])
    let isSecond = shape.count == 4 && [1, 3].contains(shape[1])
    guard shape.count == 3 || isLast != isSecond else {
      throw refused(
        "its shape \(extents) is not N×H×W, N×H×W×C or N×C×H×W with one C that is 1 or 3",
        "reshape it")
    }
    guard !shape.contains(0) else { throw refused("its shape is \(extents)", "save some images") }
    count = shape[0]
    (channels, height, width) =
      shape.count == 3
      ? (1, shape[1], shape[2])
      : isLast ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3])
    let values = try array.pixels(name: name)
    guard isLast, channels > 1 else {
      pixels = values
      return
    }
    let (channels, area) = (channels, width * height)
    pixels = values.indices.map { index in
      let (image, inside) = (index / (area * channels), index % (area * channels))
      return values[image * area * channels + inside % area * channels + inside / area]
    }
  }
}

extension NumPyArray {
  /// The elements as bytes, 0 black and 255 white.
  fileprivate func pixels(name: String) throws(DatasetError) -> [UInt8] {
    func refused(_ reason: String, _ remedy: String) -> DatasetError {
      .unusableArray(name: name, reason: reason, remedy: remedy)
    }
    switch elements {
    case .uint8(let values):
      guard values.contains(where: { $0 > 1 }) else {
        throw refused(
          "no value is above 1, where uint8 pixels count from 0 to 255", "multiply it by 255")
      }
      return values
    case .float32(let values):
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw refused("element \(indices(of: place)) is \(values[place])", "replace such elements")
      }
      let (least, most) = (values.min() ?? 0, values.max() ?? 0)
      guard least >= 0, most <= 1 else {
        throw refused(
          "its values go from \(least) to \(most), where float32 pixels lie in [0, 1]",
          most <= 255 && least >= 0 && values.allSatisfy { $0 == $0.rounded() }
            ? "divide it by 255, or save it as uint8" : "scale it to [0, 1]")
      }
      return values.map { UInt8(($0 * 255).rounded()) }
    case .int64:
      throw refused("its elements are int64", "convert it to uint8, or to float32 in [0, 1]")
    }
  }

  /// The elements as labels of `count` images.
  fileprivate func labels(count: Int, name: String) throws(DatasetError) -> [UInt8] {
    guard shape == [count] || shape == [count, 1] else {
      throw .mismatch(
        "\(name) has the shape (\(shape.map(String.init).joined(separator: ", "))) for \(count) images",
        remedy: "save one label for each")
    }
    switch elements {
    case .uint8(let values): return values
    case .int64(let values):
      if let wrong = values.first(where: { !(0...255).contains($0) }) {
        throw .unusableArray(
          name: name, reason: "it has the label \(wrong)",
          remedy: "number the classes from 0 to 255")
      }
      return values.map { UInt8($0) }
    case .float32:
      throw .unusableArray(
        name: name, reason: "its elements are float32", remedy: "convert it to int64 or uint8")
    }
  }

  /// Where element `place` is, as NumPy writes it.
  private func indices(of place: Int) -> String {
    var (rest, parts) = (place, [Int]())
    for extent in shape.reversed() {
      parts.insert(rest % extent, at: 0)
      rest /= extent
    }
    return "[\(parts.map(String.init).joined(separator: ", "))]"
  }
}
