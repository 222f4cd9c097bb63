import VAE

/// Why a training run does not begin, or cannot go on.
enum TrainingSessionError: Error, CustomStringConvertible {
  /// A run is where a new one was to be made.
  case existingRun(String)
  /// Something else is where the folder of a run was to be.
  case notARunFolder(String)
  /// The run is at its end.
  case nothingToDo(epochs: Int)
  /// The test loss has not fallen for long enough.
  case stoppedEarly(epochs: Int, best: Int, waited: Int)
  /// The data has another size than the epoch under way began with.
  case otherData(expected: Int, found: Int)
  /// Training broke down; the checkpoint is the last sound one.
  case lostRun(TrainingError, checkpoint: String)

  var description: String {
    switch self {
    case .existingRun(let path):
      "\(path) holds a run already; go on with it by --resume \(path), choose another --out, or "
        + "replace it with --overwrite"
    case .notARunFolder(let path):
      "--resume goes on with a run folder, which \(path) is not; name the folder that `vae train` "
        + "made"
    case .nothingToDo(let epochs):
      "nothing to do: \(epochs) epoch\(epochs == 1 ? " is" : "s are") done; ask for more with --epochs"
    case .stoppedEarly(let epochs, let best, let waited):
      "nothing to do: the run stopped early after epoch \(epochs), the best being epoch \(best); "
        + "go on with --patience above \(waited)"
    case .otherData(let expected, let found):
      "the run stopped in the middle of an epoch over \(expected) images, and the data now has "
        + "\(found); give the data it was begun on with --data"
    case .lostRun(let cause, let checkpoint):
      "\(cause), and begin anew with --overwrite, since --resume takes the same steps again; the last good "
        + "checkpoint is \(checkpoint)"
    }
  }
}
