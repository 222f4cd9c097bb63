import Foundation
import Terminal
import Testing

/// Each in a process of its own: signals are the whole process's.
@Suite struct InterruptTests {
  @Test func theFirstSignalIsNoted() async {
    await #expect(processExitsWith: .exitCode(7)) {
      Interrupt.install()
      guard !Interrupt.isRequested else { exit(1) }
      signal(SIGINT)
      exit(Interrupt.signal == SIGINT ? 7 : 1)
    }
  }

  @Test func theSecondKills() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      Interrupt.install()
      signal(SIGINT)
      signal(SIGINT)
    }
  }

  @Test func soDoesTheOtherSignal() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      Interrupt.install()
      signal(SIGTERM)
      guard Interrupt.signal == SIGTERM else { exit(1) }
      signal(SIGINT)
    }
  }
}

/// Sends `number` to the process, as a terminal does, and waits for what comes of it. (`raise` would send it to
/// a worker thread, and those have signals blocked.)
private func signal(_ number: Int32) {
  let before = Interrupt.signal
  kill(getpid(), number)
  for _ in 0..<1000 where Interrupt.signal == before { usleep(5000) }
}
