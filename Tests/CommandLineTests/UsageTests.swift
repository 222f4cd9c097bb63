import Testing

/// Wrong usage: exit code 2, the thing, the value and the remedy.
@Suite struct UsageTests {
  @Test(arguments: [
    (["trian"], "did you mean 'train'?"),
    (["train", "--epoch", "3"], "did you mean '--epochs'?"),
    (["train", "--epochs", "0"], "--epochs must be at least 1, not 0"),
    (["train", "--epochs", "abc"], "'abc' is not a whole number"),
    (["train", "--epochs"], "missing value for '--epochs <n>'"),
    (["train", "--batch-size", "-4"], "--batch-size must be between 1 and"),
    (["train", "--learning-rate", "nan"], "'nan' is not a finite number"),
    (["train", "--learning-rate", "0"], "--learning-rate must be greater than 0"),
    (["train", "--latent", "99999999999999999999"], "'99999999999999999999' is not between"),
    (["train", "--encoder", "400,x"], "'x' is not a whole number"),
    (["train", "--encoder", "400,0"], "--encoder must be between 1 and 1048576 each, not 0"),
    (["train", "--beta", "-1"], "--beta must be at least 0"),
    (["train", "--posterior", "sigmoid"], "log-variance, sigma"),
    (["train", "--likelihood", "bernouli"], "did you mean 'bernoulli'?"),
    (["train", "--activation", "gelu"], "relu, tanh"),
    (["train", "--momentum", "0.5"], "--optimizer sgd"),
    (["train", "--weight-decay", "0.1"], "--optimizer adamw"),
    (["train", "--schedule", "linear"], "constant, step:EPOCHS:FACTOR"),
    (["train", "--schedule", "step:x:0.5"], "'x' is not a whole number"),
    (["train", "--warmup", "3days"], "'3days' is not a whole number"),
    (["train", "--clip-norm", "0"], "--clip-norm must be between"),
    (["train", "--patience", "0"], "--patience must be at least 1"),
    (["train", "--resume", "r", "--clip-norm", "3"], "--clip-norm cannot be changed"),
    (["train", "--variance", "0.1"], "--likelihood gaussian"),
    (["train", "--likelihood", "gaussian", "--variance", "0"], "--variance must be"),
    (["train", "--beta-cycles", "2"], "--beta-warmup"),
    (["train", "--free-bits", "0"], "--free-bits must be greater than 0"),
    (["train", "--autoencoder", "--free-bits", "1"], "--free-bits is about the KL term"),
    (["train", "--binarize", "always"], "static, dynamic"),
    (["train", "--resume", "r", "--binarize", "static"], "--binarize cannot be changed"),
    (["evaluate", "r", "--beside", "s", "--json"], "--json is of one run"),
    (["evaluate", "r", "--beside", "s", "--nll"], "--nll is of one run"),
    (["evaluate", "r", "--nll", "0"], "--nll must be"),
    (["estimators", "r", "--draws", "1"], "--draws must be"),
    (["score", "r", "--by", "nll", "--steps", "3"], "--steps goes with --by regret"),
    (["score", "r", "--by", "regret", "--samples", "3"], "--samples goes with --by elbo"),
    (["train", "--samples", "2", "--importance-samples", "2"], "give one of them"),
    (["train", "--importance-samples", "2", "--beta", "2"], "leave out one"),
    (["train", "--autoencoder", "--samples", "2"], "an --autoencoder draws none"),
    (["train", "--kernel", "0"], "--kernel must be"),
    (["compress", "r", "--out", "f", "--quantizer", "even"], "range, quantiles"),
    (["train", "--backend", "cuda"], "unknown backend 'cuda'"),
    (["train", "--resume", "r", "--latent", "3"], "--latent cannot be changed"),
    (["evaluate"], "missing '<run>'"),
    (["evaluate", "r", "--samples", "0"], "--samples must be"),
    (["evaluate", "r", "--split", "validation"], "test, train"),
    (["sample", "r"], "missing '--out <png>'"),
    (["sample", "r", "--out", ""], "--out: the value is empty"),
    (["sample", "r", "--out", "x.png", "--count", "0"], "--count must be"),
    (
      ["interpolate", "r", "--from", "0", "--to", "1", "--out", "x.jpg"],
      "--out must be a name that ends in .png or .gif, not x.jpg"
    ),
    (["sample", "r", "--out", "x.jpg"], "ends in .png, not x.jpg"),
    (["plot", "kl", "r", "--out", "x.png"], "ends in .svg, not x.png"),
    (["report", "r", "--out", "x.pdf"], "ends in .html or .htm, not x.pdf"),
    (["denoise", "r", "--out", "x.jpg"], "ends in .png, not x.jpg"),
    (["encode", "r", "--out", "x.csv"], "ends in .npy, not x.csv"),
    (["decompress", "f", "--run", "r", "--out", "x.png"], "ends in .npy or -ubyte, not x.png"),
    (
      [
        "interpolate", "r", "--from", "0", "--to", "1", "--out", "x.png", "--linear", "--spherical",
      ],
      "--linear and --spherical"
    ),
    (["interpolate", "r", "--from", "-1", "--to", "1", "--out", "x.png"], "--from must be"),
    (["vary", "r", "--out", "x.png", "--scale", "-1"], "--scale must be"),
    (["plot", "pcb", "r", "--out", "x.svg"], "did you mean 'pca'?"),
    (["plot", "kl", "r", "--out", "x.svg", "--with", "s"], "--with has no meaning for kl"),
    (["compare", "--operation", "dence"], "did you mean 'dense'?"),
    (["compare", "--operation", "dense", "--only", "random"], "leave out --only random"),
    (["devices", "extra"], "unexpected argument 'extra'"),
    (["data", "cifar"], "unknown subcommand 'cifar'"),
    (["train", "--profile", ""], "--profile: the value is empty"),
    (["bench", "--batch-size", "32,0"], "--batch-size must be"),
    (["bench", "--seconds", "0"], "--seconds must be"),
    (["bench", "--matmul", "128x784"], "'128x784' is not MxKxN"),
    (["bench", "--matmul", "128x0x400"], "'128x0x400' is not MxKxN"),
    (["bench", "--matmul", "8x8x8", "--latent", "2"], "--latent has no meaning"),
    (["compare", "--tile", "48"], "'48' is not 32, 64 or 128"),
    (["compare", "--tile", "64/0"], "'64/0' is not 32, 64 or 128"),
    (["compare", "--tile", "64/3/2"], "'64/3/2' is not 32, 64 or 128"),
    (["bench", "--crossover", "--hidden", "16,32"], "--crossover takes one --hidden"),
  ])
  func wrongUsageExitsWith2(arguments: [String], expected: String) throws {
    let result = try Tool().run(arguments)
    #expect(result.status == 2, "\(result.error)")
    // The lines after it are the usage, which names every option.
    let error = try #require(result.error.split(separator: "\n").first)
    #expect(error.hasPrefix("error: ") && error.contains(expected), "\(error)")
    #expect(result.output.isEmpty)
  }

  @Test func versionIsPrinted() throws {
    let result = try Tool().run("--version")
    #expect(result.status == 0 && result.output.hasPrefix("0."))
  }
}
