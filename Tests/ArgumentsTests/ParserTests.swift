import Arguments
import Testing

@Suite struct ParserTests {
  private func parse<Command: ParsableCommand>(_ line: String, as type: Command.Type = Train.self)
    throws -> Command
  {
    var parser = Parser(root: Tool.self)
    guard case .run(let command) = try parser.parse(words(line)) else {
      throw UsageError.invalid("not a command to run")
    }
    return try #require(command as? Command)
  }

  @Test func defaults() throws {
    let train = try parse("train")
    #expect(train.epochs == 10)
    #expect(train.learningRate == 1e-3)
    #expect(train.encoder == nil)
    #expect(train.posterior == .logVariance)
    #expect(!train.quiet)
    #expect(train.shared.backend == "auto")
  }

  @Test func valuesWithSpaceAndWithEqualsSign() throws {
    let train = try parse(
      "train --epochs 3 --learning-rate=1e-4 --beta .5 --seed=18446744073709551615 --encoder 400,200"
        + " --posterior sigma --quiet --backend=opencl:0 --require-gpu")
    #expect(train.epochs == 3)
    #expect(train.learningRate == 1e-4)
    #expect(train.beta == 0.5)
    #expect(train.seed == .max)
    #expect(train.encoder == [400, 200])
    #expect(train.posterior == .sigma)
    #expect(train.quiet)
    #expect(train.shared.backend == "opencl:0")
    #expect(train.shared.requireGPU)
  }

  @Test func lastOfARepeatedOptionCounts() throws {
    #expect(try parse("train --epochs 3 --encoder 1,2 --epochs=4 --encoder 5").epochs == 4)
    #expect(try parse("train --encoder 1,2 --encoder 5").encoder == [5])
  }

  @Test func negativeNumbersAreValues() throws {
    #expect(try parse("evaluate a --out b --shift -1.5e3", as: Evaluate.self).shift == -1500)
    #expect(try parse("evaluate -1 --out -.5 --shift=-2", as: Evaluate.self).model == "-1")
  }

  @Test func optionWithoutAValueTakesTheImpliedOne() throws {
    func nll(_ line: String) throws -> Int? { try parse(line, as: Evaluate.self).nll }
    #expect(try nll("evaluate a --out b") == nil)
    #expect(try nll("evaluate a --out b --nll") == 5000)
    #expect(try nll("evaluate a --nll --out b") == 5000)
    #expect(try nll("evaluate a --nll 7 --out b") == 7)
    #expect(try nll("evaluate --nll=7 a --out b") == 7)
    // No number is meant for the argument behind it.
    #expect(try parse("evaluate --out b --nll a", as: Evaluate.self).model == "a")
    #expect(throws: UsageError.self) { try nll("evaluate a --out b --nll 0") }
    #expect(throws: UsageError.self) { try nll("evaluate a --out b --nll=") }
  }

  @Test func whatWasGivenIsKnown() throws {
    let train = try parse("train --quiet --backend auto --epochs=10")
    #expect(train.givenOptions == ["--epochs", "--quiet", "--backend"])
    #expect(train.shared.givenOptions == ["--backend"])
    #expect(train.firstGiven(of: "--resume", "--quiet", "--epochs") == "--epochs")
    #expect(train.firstGiven(of: "--resume") == nil)
    #expect(try parse("train").givenOptions == [])
    let evaluate = try parse("evaluate --out b --nll a", as: Evaluate.self)
    #expect(evaluate.givenOptions == ["--out", "--nll"])
  }

  @Test(arguments: ["a.png", "A.PNG", "a.b/c.gif", "/dev/stdout"])
  func endings(name: String) throws {
    #expect(try parse("data mnist --picture \(name)", as: MNIST.self).picture == name)
  }

  @Test func equalsSignsInValuesStay() throws {
    #expect(try parse("train --resume=a=b").resume == "a=b")
    #expect(try parse("train --resume=--quiet").resume == "--quiet")
  }

  @Test func everythingAfterTwoDashesIsAnArgument() throws {
    let evaluate = try parse("evaluate --out b -- --help", as: Evaluate.self)
    #expect(evaluate.model == "--help")
    #expect(try parse("evaluate --out b -", as: Evaluate.self).model == "-")
  }

  @Test func argumentsAndOptionsInAnyOrder() throws {
    for line in ["evaluate a --out b", "evaluate --out b a", "evaluate --out=b -- a"] {
      let evaluate = try parse(line, as: Evaluate.self)
      #expect(evaluate.model == "a" && evaluate.out == "b", "\(line)")
    }
  }

  @Test func nestedSubcommands() throws {
    #expect(try parse("data mnist --out x", as: MNIST.self).out == "x")
  }

  @Test func commandsAreValues() throws {
    var train = try parse("train --epochs 3")
    let copy = train
    train.epochs = 4
    train.shared.backend = "blas"
    #expect(copy.epochs == 3 && train.epochs == 4)
    #expect(copy.shared.backend == "auto" && train.shared.backend == "blas")
    #expect(try parse("train").epochs == 10)
  }

  static let errors = [
    "train --epoch 3": "unknown option '--epoch'; did you mean '--epochs'?",
    "train --epoch=3": "unknown option '--epoch'; did you mean '--epochs'?",
    "train -epochs 3": "unknown option '-epochs'; did you mean '--epochs'?",
    "train --learn 3": "unknown option '--learn'; did you mean '--learning-rate'?",
    "train --learning_rate 3": "unknown option '--learning_rate'; did you mean '--learning-rate'?",
    "train --lr 3": "unknown option '--lr'; did you mean '--learning-rate'?",
    "train --require-GPU": "unknown option '--require-GPU'; did you mean '--require-gpu'?",
    "train --bakcend blas": "unknown option '--bakcend'; did you mean '--backend'?",
    "train --hlep": "unknown option '--hlep'; did you mean '--help'?",
    "train --zzz": "unknown option '--zzz'",
    "train -x": "unknown option '-x'",
    "--versoin": "unknown option '--versoin'; did you mean '--version'?",
    "--epochs 3 train": "unknown option '--epochs'",
    "trian": "unknown subcommand 'trian'; did you mean 'train'?",
    "data minst": "unknown subcommand 'minst'; did you mean 'mnist'?",
    "help trian": "unknown subcommand 'trian'; did you mean 'train'?",
    "paint": "unknown subcommand 'paint'",
    "help train more": "unexpected argument 'more'",
    "train --epochs": "missing value for '--epochs <n>'",
    "train --epochs --quiet": "missing value for '--epochs <n>'",
    "train --resume --": "missing value for '--resume <resume>'",
    "train --resume=": "--resume: the value is empty",
    "train --quiet=yes": "--quiet takes no value, but has 'yes'",
    "train x": "unexpected argument 'x'",
    "train x --quiet -- --y": "unexpected arguments 'x', '--y'",
    "evaluate": "missing '<run>', '--out <out>'",
    "evaluate a": "missing '--out <out>'",
    "train --epochs 0": "--epochs must be at least 1, not 0",
    "train --epochs -3": "--epochs must be at least 1, not -3",
    "train --epochs abc": "--epochs: 'abc' is not a whole number",
    "train --epochs 1e3": "--epochs: '1e3' is not a whole number",
    "train --epochs=": "--epochs: '' is not a whole number",
    "train --epochs 99999999999999999999":
      "--epochs: '99999999999999999999' is not between \(Int.min) and \(Int.max)",
    "train --seed -1": "--seed: '-1' is not between 0 and 18446744073709551615",
    "train --learning-rate 0": "--learning-rate must be greater than 0, not 0",
    "train --learning-rate nan": "--learning-rate: 'nan' is not a finite number",
    "train --learning-rate inf": "--learning-rate: 'inf' is not a finite number",
    "train --learning-rate 1e": "--learning-rate: '1e' is not a number",
    "train --learning-rate 1e999":
      "--learning-rate: '1e999' is too large; the largest is 1.7976931348623157e+308",
    "train --beta 1e39": "--beta: '1e39' is too large; the largest is 3.4028235e+38",
    "train --beta 1.5": "--beta must be between 0 and 1, not 1.5",
    "train --encoder 400,x": "--encoder: 'x' is not a whole number, in '400,x'",
    "train --encoder 400-20":
      "--encoder: '400-20' is not a whole number; a list is written with commas",
    "train --encoder 400,": "--encoder: '' is not a whole number, in '400,'",
    "train --encoder x": "--encoder: 'x' is not a whole number",
    "train --encoder 400,0": "--encoder must be at least 1 each, not 0",
    "train --posterior sigam":
      "--posterior: 'sigam' is not one of log-variance, sigma; did you mean 'sigma'?",
    "fail later": "<way>: 'later' is not one of typed, foundation, exit, validation",
    "data mnist --picture c.jpg":
      "--picture must be a name that ends in .png or .gif, not c.jpg",
    "data mnist --picture png":
      "--picture must be a name that ends in .png or .gif, not png",
    "train --resume r --encoder 4": "--encoder cannot be changed by --resume",
    "train --require-gpu --backend blas": "--require-gpu contradicts --backend blas",
  ]

  @Test(arguments: errors.sorted { $0.key < $1.key })
  func error(_ line: String, _ text: String) {
    var parser = Parser(root: Tool.self)
    let error = #expect(throws: UsageError.self) { try parser.parse(words(line)) }
    #expect(error?.description == text)
  }

  @Test(arguments: [
    "requireGPU": "require-gpu", "batchSize": "batch-size", "HTTPPort": "http-port", "out": "out",
    "MNIST": "mnist",
  ])
  func hyphenation(_ name: String, _ expected: String) {
    #expect(hyphenated(name) == expected)
  }

  @Test func editDistances() {
    #expect(editDistance("", "") == 0)
    #expect(editDistance("", "abc") == 3)
    #expect(editDistance("abc", "") == 3)
    #expect(editDistance("kitten", "sitting") == 3)
    #expect(editDistance("trian", "train") == 1)
    #expect(editDistance("epochs", "epochs") == 0)
  }
}

func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }
