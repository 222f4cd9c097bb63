import Backend
import Files
import Plots
import Terminal
import VAE

/// Everything worth seeing of a run, as one self-contained page.
struct ReportPage {
  let run: PicturedRun
  /// Another run to stand beside it.
  let other: PicturedRun?
  let codes: [CodePlots]
  let evaluation: Evaluation
  let metrics: [MetricsLine]

  /// - Throws: what the run's files, its model or its codes are wrong with.
  init(_ runs: [PicturedRun]) throws {
    run = runs[0]
    other = runs.count > 1 ? runs[1] : nil
    evaluation = try run.model.evaluate(
      run.images.table, beta: run.loaded.beta, seed: run.loaded.seed)
    try NotFinite.check(evaluation.loss, "the loss of \(run.name)")
    codes = try runs.map(CodePlots.init)
    metrics = try run.loaded.folder.readMetrics()
  }

  /// Whether there is neither a posterior nor a prior to speak of.
  var isAutoencoder: Bool { run.model.configuration.encoderForm == .deterministic }

  /// A part of the page.
  struct Section {
    let title: String
    let make: () throws -> String
  }

  /// The page's parts, in their order.
  var sections: [Section] {
    [
      Section(title: "Data and reconstructions", make: reconstructions),
      Section(title: "Samples", make: samples),
      Section(title: "Between images", make: interpolations),
      Section(title: "Around an image", make: variations),
      Section(title: "What each dimension does", make: traversal),
      Section(title: "Training", make: training),
      Section(title: "Codes", make: distribution),
      Section(title: "Principal components of the codes", make: components),
      Section(
        title: isAutoencoder
          ? "Best and worst reconstructed images" : "Most and least likely images",
        make: likelihoods),
    ]
  }

  /// The page of sections whose contents are made already.
  func text(_ sections: [(title: String, content: String)]) -> String {
    let links = sections.enumerated().map { index, section in
      "<a href=\"#s\(index)\">\(escaped(section.title))</a>"
    }
    let parts = sections.enumerated().map { index, section in
      "<h2 id=\"s\(index)\">\(escaped(section.title))</h2>\n\(section.content)"
    }
    return HTML.page(
      title: "vae report: \(run.name)",
      body: """
        <h1>\(escaped(run.name))</h1>
        <p>\(escaped(run.model.configuration.line)), trained on \(escaped(FileSystem.split(run.images.name).name))\
        \(other.map { ", beside \(escaped($0.name))" } ?? "")</p>
        \(cards)
        \(collapse.map { "<p class=\"warning\">\(escaped($0))</p>" } ?? "")
        <nav>\(links.joined())</nav>
        \(parts.joined(separator: "\n"))
        <h2>How it was made</h2>
        \(HTML.list(provenance))
        """)
  }

  private var cards: String {
    func number(_ value: Double) -> String { Format.fixed(value, digits: 2) }
    let units = "\(evaluation.activeUnits) of \(run.model.configuration.latent)"
    let cards = [
      (number(evaluation.loss), "test loss, \(run.model.configuration.lossUnit)"),
      (number(evaluation.reconstruction), "reconstruction"),
      (evaluation.kl.map(number) ?? "–", "KL divergence, nats"),
      (units, "active units"),
      (metrics.last.map { "\($0.epoch)" } ?? "–", "epochs"),
    ]
    return "<div class=\"cards\">"
      + cards.map { "<div><b>\(escaped($0))</b><span>\(escaped($1))</span></div>" }.joined()
      + "</div>"
  }

  /// What to say where the posterior has collapsed, or nearly.
  private var collapse: String? {
    let latent = run.model.configuration.latent
    guard evaluation.kl != nil, evaluation.activeUnits <= latent / 10 else { return nil }
    let remedy =
      "Train longer, with --beta-warmup, --free-bits or a lower --beta, or with a decoder that can do less "
      + "without its code."
    return evaluation.activeUnits == 0
      ? "The posterior has collapsed: no latent dimension is active, so that all images have the same code. "
        + remedy
      : "The posterior has nearly collapsed: only \(evaluation.activeUnits) of \(latent) latent dimensions "
        + "say anything of the image. \(remedy)"
  }

  private var provenance: [(title: String, text: String)] {
    let made = run.loaded.configuration.map { configuration in
      [
        (
          "training",
          "\(Format.count(configuration.training.epochs, "epoch")) of \(configuration.training.line(for: configuration.model)), seed \(configuration.training.seed)"
        ),
        (
          "trained by",
          "vae \(configuration.version), \(configuration.backend) on \(configuration.device)"
        ),
      ]
    }
    return [("model", run.model.configuration.line)] + (made ?? [])
      + [
        (
          "pictures of", "\(Format.count(run.images.split.count)) test images of \(run.images.name)"
        ),
        ("drawn by", "vae \(programVersion), \(run.loaded.chosen.summary)"),
      ]
  }
}
