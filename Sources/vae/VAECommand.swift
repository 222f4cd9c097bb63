import Arguments

/// The program's version, recorded with every run.
let programVersion = "0.1.0"

struct VAECommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vae",
    abstract: "Train variational autoencoders on OpenCL or OpenBLAS, and use them.",
    discussion: """
      A run is the folder that `vae train` makes, or a model.safetensors file from it.

      Exit codes: 0 done, 1 failed or interrupted, 2 wrong usage.
      """,
    version: programVersion,
    subcommands: [
      Train.self, Evaluate.self, Estimators.self, Sample.self, Reconstruct.self, Encode.self,
      Denoise.self,
      Score.self, Report.self, PlotCommand.self, Interpolate.self, Vary.self, Traverse.self,
      Manifold.self, ProgressCommand.self, CodesCommand.self, PCACommand.self, FitPrior.self,
      Dimensions.self,
      Compress.self, Decompress.self, Devices.self,
      Compare.self, Bench.self, Tune.self, Reproduce.self, DataCommand.self,
    ])
}
