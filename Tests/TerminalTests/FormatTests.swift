import Terminal
import Testing

@Suite struct FormatTests {
  static let durations: [(Double, String)] = [
    (0, "0.0s"), (2.34, "2.3s"), (9.94, "9.9s"), (9.96, "10s"), (59.4, "59s"), (59.6, "1m 00s"),
    (65, "1m 05s"), (3599.4, "59m 59s"), (3599.6, "1h 00m"), (7380, "2h 03m"),
    (360_000, "100h 00m"),
    (-1, "–"), (.nan, "–"), (.infinity, "–"), (1e300, "–"),
  ]

  @Test(arguments: durations) func duration(_ seconds: Double, _ text: String) {
    #expect(Format.duration(seconds) == text)
  }

  static let counts: [(Int, String)] = [
    (0, "0"), (999, "999"), (1000, "1,000"), (60_000, "60,000"), (472_894, "472,894"),
    (1_234_567, "1,234,567"), (-1000, "-1,000"), (-999, "-999"),
    (.min, "-9,223,372,036,854,775,808"),
  ]

  @Test(arguments: counts) func count(_ value: Int, _ text: String) {
    #expect(Format.count(value) == text)
  }

  static let sizes: [(Int, String)] = [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
    (9_912_422, "9.9 MB"), (2_000_000_000, "2.0 GB"), (.max, "9223372.0 TB"),
  ]

  @Test(arguments: sizes) func bytes(_ value: Int, _ text: String) {
    #expect(Format.bytes(value) == text)
  }

  @Test func table() {
    var table = Table(["device": .left, "error": .right, "note": .left, "memory": .right])
    table.append(["blas", "1.5e-07", Table.Cell("ok", .green), "–"])
    table.append(["opencl:0", "0", "", "16 GB"])
    table.append(["x", "", Table.Cell("failed", .red), ""])
    #expect(
      table.text(hasColor: false) == """
        device      error  note    memory
        blas      1.5e-07  ok           –
        opencl:0        0           16 GB
        x                  failed

        """)
    let coloured = table.text(hasColor: true)
    #expect(coloured.contains("\u{1B}[32mok\u{1B}[0m           –\n"))
    #expect(coloured.hasPrefix("\u{1B}[1mdevice\u{1B}[0m      \u{1B}[1merror\u{1B}[0m  "))
  }
}
