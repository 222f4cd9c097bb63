import Files

extension ImageDataset {
  /// Reads the IDX files in `folder`: training and test images under their usual names
  /// (`train-images-idx3-ubyte`, `t10k-images-idx3-ubyte`), and labels where there are any
  /// (`…-labels-idx1-ubyte`), each gzip-compressed (`.gz`) or not.
  ///
  /// - Throws: `DatasetError`.
  public init(idxFolder folder: String) throws(DatasetError) {
    guard FileSystem.exists(folder) else { throw .missing(path: folder) }
    guard FileSystem.isFolder(folder) else { throw .notAFolder(path: folder) }
    let train = try Self.images(.trainImages, in: folder)
    let test = try Self.images(.testImages, in: folder)
    guard train.shape.dropFirst() == test.shape.dropFirst() else {
      throw .mismatch(
        "the training images in \(folder) are \(train.shape[2])×\(train.shape[1]) pixels and "
          + "the test images \(test.shape[2])×\(test.shape[1])", remedy: Self.oneSource)
    }
    let trainLabels = try Self.labels(.trainLabels, in: folder, for: train.shape[0])
    let testLabels = try Self.labels(.testLabels, in: folder, for: test.shape[0])
    self.init(
      name: folder, width: train.shape[2], height: train.shape[1],
      train: Split(count: train.shape[0], pixels: train.bytes, labels: trainLabels),
      test: Split(count: test.shape[0], pixels: test.bytes, labels: testLabels))
  }

  /// Writes the data set as IDX files to `folder`, creating it if need be.
  ///
  /// - Throws: `FileError`.
  public func write(idxFolder folder: String) throws(FileError) {
    precondition(channels == 1, "IDX images are grey")
    try FileSystem.createFolder(folder)
    func write(_ file: IDXFile, _ array: IDX.Array) throws(FileError) {
      try FileSystem.write(IDX.encode(file.content, array), to: "\(folder)/\(file.name)")
    }
    try write(.trainImages, IDX.Array(shape: [train.count, height, width], bytes: train.pixels))
    try write(.testImages, IDX.Array(shape: [test.count, height, width], bytes: test.pixels))
    if let labels = train.labels {
      try write(.trainLabels, IDX.Array(shape: [train.count], bytes: labels))
    }
    if let labels = test.labels {
      try write(.testLabels, IDX.Array(shape: [test.count], bytes: labels))
    }
  }

  private static let oneSource = "take all files from one data set"

  private static func images(
    _ file: IDXFile, in folder: String
  ) throws(DatasetError) -> IDX.Array {
    guard let path = file.path(in: folder) else {
      throw .missingFiles(folder: folder, purpose: file.purpose, lookedFor: file.names)
    }
    return try IDX.read(.images, from: path)
  }

  private static func labels(
    _ file: IDXFile, in folder: String, for count: Int
  ) throws(DatasetError) -> [UInt8]? {
    guard let path = file.path(in: folder) else { return nil }
    let labels = try IDX.read(.labels, from: path)
    guard labels.shape[0] == count else {
      throw .mismatch(
        "\(path) has \(labels.shape[0]) labels for \(count) images", remedy: oneSource)
    }
    return labels.bytes
  }
}
