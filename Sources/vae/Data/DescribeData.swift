import Arguments
import Datasets
import Files
import Terminal

struct DescribeData: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: "Print a data set's counts, sizes, range and labels.",
    discussion: """
      Reads all of it, as training would, so that whatever is wrong with it is found here. With --out, \
      a contact sheet too: a row for each label, or the first images.
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder of IDX files or images, an .npy or .npz file, or digits.", valueName: "data"))
  var data: String

  @OptionGroup var form: FitOptions

  @Option(
    range: .ending(in: ".png"),
    help: ArgumentHelp("The contact sheet to write.", valueName: "png"))
  var out: String?

  func run() throws {
    let dataset = try ImageDataset.load(data, fit: form.fit ?? ImageFit())
    print(
      "\(dataset.name): \(dataset.width)×\(dataset.height) "
        + "\(dataset.channels == 1 ? "grey" : "colour"), \(Format.count(dataset.imageSize)) values an image\n"
    )
    print(table(dataset).text(hasColor: Terminal.standardOutput.hasColor))
    if dataset.train.labels == nil { print("without labels") }
    if let out {
      try ContactSheet(dataset: dataset).image.write(png: out)
      print("\(out): contact sheet of the training images")
    }
  }

  private func table(_ dataset: ImageDataset) -> Table {
    let splits = [dataset.train, dataset.test]
    let statistics = splits.map(\.statistics)
    var table = Table(["": .left, "training": .right, "test": .right])
    func row(_ title: String, _ values: [String]) {
      table.append(([title] + values).map { Table.Cell($0) })
    }
    row("images", splits.map { Format.count($0.count) })
    row("range, of 0 to 255", statistics.map { "\($0.least) to \($0.most)" })
    row("mean, of 0 to 1", statistics.map { Format.fixed($0.mean, digits: 4) })
    row("deviation", statistics.map { Format.fixed($0.deviation, digits: 4) })
    let counts = splits.map(\.labelCounts)
    for label in Set(counts.flatMap(\.keys)).sorted() {
      row(
        "label \(dataset.labelName(label))",
        zip(counts, splits).map { counts, split in
          let count = counts[label] ?? 0
          let share = Format.percent(Double(count) / Double(split.count))
          return "\(Format.count(count)) (\(share))"
        })
    }
    return table
  }
}

extension ImageDataset {
  /// The label's number, and the name of its class if that is another.
  func labelName(_ label: Int) -> String {
    guard label < classes.count, classes[label] != "\(label)" else { return "\(label)" }
    return "\(label), \(classes[label])"
  }
}

/// Training images to look at: ten of each label in a row, or the first hundred.
private struct ContactSheet {
  let dataset: ImageDataset

  var image: Image {
    let grid = ImageGrid(columns: 10, scale: max(1, 56 / max(dataset.width, dataset.height)))
    guard let labels = dataset.train.labels else {
      return grid.compose(images(Array(0..<min(100, dataset.train.count))))
    }
    let places = Dictionary(grouping: labels.indices) { labels[$0] }.mapValues { $0.prefix(10) }
    return grid.compose(
      places.sorted { $0.key < $1.key }.flatMap { _, places in
        let row = images(Array(places))
        let blank = Image(
          width: dataset.width, height: dataset.height, channels: dataset.channels,
          pixels: [UInt8](repeating: grid.background, count: dataset.imageSize))
        return row + [Image](repeating: blank, count: 10 - row.count)
      })
  }

  private func images(_ places: [Int]) -> [Image] {
    places.map { dataset.image(dataset.train, $0) }
  }
}
