import Arguments
import Files
import Foundation
import Terminal
import VAE

struct ProgressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "progress",
    abstract: "Show how the samples improve over the epochs, as an animated GIF.",
    discussion: """
      Made of the pictures that training leaves in samples/, all of the same draws from the prior.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .ending(in: ".gif"), help: ArgumentHelp("The animation to write.", valueName: "gif"))
  var out: String

  func run() throws {
    let pictures = try SamplePictures(SavedRun(source.run).folder)
    try pictures.animation(of: pictures.epochs).write(gif: out)
    print("\(out): samples after \(Format.count(pictures.epochs.count, "epoch"))")
  }
}

/// The pictures of samples that training left, an epoch each.
struct SamplePictures {
  private let folder: RunFolder
  /// The epochs that there are pictures of, ascending.
  let epochs: [Int]

  /// Finds the pictures of a run.
  ///
  /// - Throws: `NoSamplePictures` where there are none.
  init(_ folder: RunFolder) throws(NoSamplePictures) {
    self.folder = folder
    let path = "\(folder.path)/samples"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    epochs = names.compactMap { name in
      name.hasPrefix("epoch-") && name.hasSuffix(".png")
        ? Int(name.dropFirst("epoch-".count).dropLast(".png".count)) : nil
    }.sorted()
    if epochs.isEmpty { throw NoSamplePictures(path: path) }
  }

  /// An animation of the pictures of `epochs`, which stays a while at the last.
  ///
  /// - Throws: `FileError`, or `AnimationError.tooLarge`.
  func animation(of epochs: [Int]) throws -> Animation {
    var frames: [Image] = []
    for epoch in epochs {
      let path = folder.samples(epoch: epoch)
      let image = try Image(png: path)
      if let first = frames.first, (image.width, image.height) != (first.width, first.height) {
        throw FileError.malformed(
          path: path, format: "sample picture",
          reason:
            "\(image.width)×\(image.height) pixels where the first has \(first.width)×\(first.height)",
          remedy: "remove it, or the older ones, which are of another model")
      }
      frames.append(image)
    }
    return Animation(frames: frames, delay: 40, lastDelay: 250)
  }
}

/// A run without pictures of samples.
struct NoSamplePictures: Error, CustomStringConvertible {
  let path: String

  var description: String {
    "there is no epoch-NNN.png in \(path): name the folder of a run that has finished an epoch"
  }
}
