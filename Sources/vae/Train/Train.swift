import Arguments
import Backend
import Files
import Terminal
import VAE

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model.",
    discussion: """
      Losses are summed over pixels and latent dimensions and averaged over images. The run folder \
      receives config.json, metrics.jsonl, model.safetensors, checkpoint.safetensors and pictures \
      after every epoch, and best.safetensors after one whose test loss is the lowest so far. Ctrl-C finishes the step and saves; --resume goes on from there.
      """)

  @Option(
    help: "Published settings to start from; every other option overrides one. (default: pytorch)")
  var preset: Preset?

  @OptionGroup var data: DataOptions

  @Option(
    range: .atLeast(1),
    help: ArgumentHelp("Passes over the training set. (default: 10; keras 50)", valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "The run folder. (default: runs/<data>-<preset>, with a number where there is one already)",
      valueName: "dir"))
  var out: String?

  @OptionGroup var backend: BackendOptions

  @Option(
    help: ArgumentHelp(
      "Go on with an interrupted run, or one that wants more --epochs.", valueName: "run"))
  var resume: String?

  @Flag(help: "Replace the run in --out, if there is one.")
  var overwrite: Bool = false

  @Option(
    range: .atLeast(1),
    help: ArgumentHelp(
      "End after so many epochs without a lower test loss. (default: never)", valueName: "n"))
  var patience: Int?

  @Option(
    range: .each(.between(0, and: 255)),
    help: ArgumentHelp(
      "Train, and test, on the images of these labels alone. (default: all)", valueName: "n,n…"))
  var trainOnLabels: [Int]?

  @Option(
    help: ArgumentHelp(
      """
      Write what every operation of the training steps took, for ui.perfetto.dev or \
      chrome://tracing, and print a table at the end.
      """, valueName: "file"))
  var profile: String?

  @Flag(help: "Print errors only.")
  var quiet: Bool = false

  @OptionGroup(title: "model") var model: ModelOptions
  @OptionGroup(title: "training") var training: TrainingOptions
  @OptionGroup(title: "optimizer") var optimizer: OptimizerOptions
  @OptionGroup(title: "objective") var objective: ObjectiveOptions

  func validate() throws {
    if objective.importanceSamples != nil && training.beta.map({ $0 != 1 }) == true {
      throw ValidationError(
        "--beta weighs the KL term, and --importance-samples leaves it no weight but 1; leave out one"
      )
    }
    if model.autoencoder, let option = firstGiven(of: "--samples", "--importance-samples") {
      throw ValidationError("\(option) draws z, and an --autoencoder draws none; leave out one")
    }
    if model.autoencoder,
      let option = firstGiven(of: "--beta", "--beta-warmup", "--free-bits")
    {
      throw ValidationError(
        "\(option) is about the KL term, and an --autoencoder has none; leave out one")
    }
    if model.conditional && trainOnLabels != nil {
      throw ValidationError(
        "--conditional shows the model every label, and --train-on-labels leaves some that it has never "
          + "seen; leave out one")
    }
    guard resume != nil else { return }
    let changeable = [
      "--resume", "--data", "--backend", "--epochs", "--patience", "--kernels", "--profile",
      "--require-gpu", "--quiet",
    ]
    if let option = givenOptions.first(where: { !changeable.contains($0) }) {
      throw ValidationError(
        "\(option) cannot be changed by --resume; with it go --data, --backend, --epochs, --patience, "
          + "--kernels, --profile, --require-gpu and --quiet")
    }
  }

  func run() throws {
    Interrupt.install()
    let console = Console(quiet: quiet)
    // A place that cannot be written must cost neither hours of training nor the run to be replaced.
    if let profile, !isInFolderToBeMade(profile) { try FileSystem.checkWritable(profile) }
    let operations = profile.map { _ in Profile() }
    var session =
      try resume.map { try TrainingSession(resuming: $0, self, console, operations) }
      ?? TrainingSession(startingWith: self, console, operations)
    guard let profile, let operations else { return try session.run() }
    try TrainingProfile(
      path: profile, profile: operations, backend: session.backend, console: console
    )
    .record { try session.run() }
  }

  /// Whether `file` is for a run folder that is not there yet.
  private func isInFolderToBeMade(_ file: String) -> Bool {
    guard let out else { return false }
    return FileSystem.split(file).folder == out && !FileSystem.exists(out)
  }
}
