import Arguments
import Datasets
import Terminal

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Describe a data set, or get one as IDX files.",
    subcommands: [DescribeData.self, MNIST.self, DigitsCommand.self])
}

struct MNIST: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mnist", abstract: "Download MNIST from a public mirror.",
    discussion: """
      Four files, checked by SHA-256. What is there already is kept, what was interrupted is continued. \
      Without a network, put the files into the folder by hand.
      """)

  @Option(help: ArgumentHelp("The folder to fill.", valueName: "dir"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "A folder on the web that holds the four .gz files, in place of the known ones.",
      valueName: "url"))
  var mirror: String?

  func run() throws {
    let download = mirror.map { MNISTDownload(mirrors: [$0]) } ?? MNISTDownload()
    var progress = LiveProgress(on: .standardOutput)
    do {
      try download.run(into: out) { event in
        switch event {
        case .kept(let file): progress.replace(with: "\(file): there already")
        case .progress(let file, let received, let total):
          progress.update(
            Progress(
              label: file, completed: received, total: total ?? received, unit: .bytes,
              detail: Format.bytes(received)))
        case .failed(let file, let reason): progress.replace(with: "\(file): \(reason)")
        case .finished(let file): progress.replace(with: "\(file): downloaded and checked")
        }
      }
    } catch {
      progress.erase()
      throw error
    }
    print("\(out) is ready: vae train --data \(out)")
  }
}

struct DigitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digits", abstract: "Write the built-in digits, for use by other programs.")

  @Option(help: ArgumentHelp("The folder to fill.", valueName: "dir"))
  var out: String

  @Option(help: ArgumentHelp("Another seed gives other digits.", valueName: "n"))
  var seed: UInt64 = 1

  func run() throws {
    let digits = Digits.dataset(seed: seed)
    try digits.write(idxFolder: out)
    print(
      "\(out): \(Format.count(digits.train.count)) training and "
        + "\(Format.count(digits.test.count)) test images with labels")
  }
}
