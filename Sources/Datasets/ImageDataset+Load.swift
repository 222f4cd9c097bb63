extension ImageDataset {
  /// The data set that `--data` names: `digits`, `digits:SEED` or a folder of IDX files.
  ///
  /// - Throws: `DatasetError`.
  public static func load(_ name: String) throws(DatasetError) -> ImageDataset {
    if name == "digits" { return Digits.dataset(seed: Digits.defaultSeed) }
    if name.hasPrefix("digits:") {
      guard let seed = UInt64(name.dropFirst("digits:".count)) else {
        throw .unknownSeed(name)
      }
      return Digits.dataset(seed: seed)
    }
    return try ImageDataset(idxFolder: name)
  }
}
