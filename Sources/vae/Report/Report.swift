import Arguments
import Files
import Foundation
import Terminal
import VAE

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write everything worth seeing of a run as one HTML page.",
    discussion: """
      Images, reconstructions, samples and how they improved, ways between images and around one, \
      traversals, training curves, codes beside the prior and their principal components, the most and least likely images. The page needs no \
      network and no other file, and follows the reader's choice of light or dark.
      """)

  @OptionGroup var source: RunArgument

  @Option(
    range: .ending(in: ".html", ".htm"),
    help: ArgumentHelp("The page to write.", valueName: "html"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "Another run to stand beside it: a plain autoencoder, for example.", valueName: "run"))
  var with: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var backend: BackendOptions

  func run() throws {
    try FileSystem.checkWritable(out)
    let runs = try PicturedRun.pair(source.run, with: with, data, backend)
    let page = try ReportPage(runs)
    let sections = page.sections
    let made = try withProgress("report", of: sections.count, "sections") { report in
      try sections.enumerated().map { index, section in
        report(index, detail: section.title)
        return (section.title, try section.make())
      }
    }
    let text = Data(page.text(made).utf8)
    try FileSystem.write(text, to: out)
    print(
      "\(out): \(Format.bytes(text.count)), open it in a browser; \(runs[0].loaded.chosen.summary)")
  }
}
