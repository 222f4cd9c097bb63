import Foundation
import Synchronization

/// The wish to stop, by Ctrl-C, `kill` or a closed terminal, noted for a loop that can stop cleanly between two steps.
public enum Interrupt {
  /// From now on the first SIGINT, SIGTERM or SIGHUP is only noted. The second one ends the process at once, as if
  /// nothing had been installed: a loop that never looks must not hold a person up.
  public static func install() {
    // The handler must not be the first to touch the flag: initializing it may take a lock.
    received.store(0, ordering: .relaxed)
    // A read or write that the signal finds in progress goes on: `signal` implies SA_RESTART.
    Foundation.signal(SIGINT, note)
    Foundation.signal(SIGTERM, note)
    Foundation.signal(SIGHUP, note)
    // A reader that has gone must not end a run.
    Foundation.signal(SIGPIPE, SIG_IGN)
    // A process started from a thread that blocks signals, as Dispatch's do, would never get them.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGHUP)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The signal received since `install`, SIGINT, SIGTERM or SIGHUP. Cheap enough for every step.
  public static var signal: Int32? {
    let signal = received.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// Whether the work should stop after the present step.
  public static var isRequested: Bool { signal != nil }
}

private let received = Atomic<Int32>(0)

/// Said to a person who pressed Ctrl-C.
private let acknowledgement: StaticString = "\nstopping after this step; once more to end at once\n"

/// Runs inside the signal handler: a lock-free exchange, `signal(2)`, `kill(2)` and `write(2)`, all
/// async-signal-safe.
private func note(_ signal: Int32) {
  // Before anything that may take time: a write waits where the terminal is held.
  Foundation.signal(SIGINT, SIG_DFL)
  Foundation.signal(SIGTERM, SIG_DFL)
  Foundation.signal(SIGHUP, SIG_DFL)
  guard received.exchange(signal, ordering: .relaxed) == 0 else {
    // Came before the first one's handler was through.
    kill(getpid(), signal)
    return
  }
  if signal == SIGINT {
    _ = write(STDERR_FILENO, acknowledgement.utf8Start, acknowledgement.utf8CodeUnitCount)
  }
}
