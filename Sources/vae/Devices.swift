import Arguments
import Backends
import Foundation
import OpenCLBackend
import Terminal
import VAE

struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the OpenCL platforms and devices, and what `auto` takes.",
    discussion: """
      A device is chosen by its number or a part of its name: --backend opencl:0, --backend \
      opencl:nvidia. Drivers that cannot be used are named below the table.
      """)

  @Flag(help: "Print one JSON object.")
  var json: Bool = false

  @Option(
    help: ArgumentHelp(
      "The folder with the OpenCL kernels, which `auto` builds for a GPU before it takes it.",
      valueName: "dir"))
  var kernels: String?

  func run() throws {
    let inventory = Inventory.current(kernels: kernels)
    if json {
      try printJSON(inventory, pretty: true)
    } else {
      print(text(inventory, blas: try chooseBackend(.blas).backend.device), terminator: "")
    }
  }

  private func text(_ inventory: Inventory, blas: String) -> String {
    var table = Table([
      "backend": .left, "type": .left, "device": .left, "platform": .left, "driver": .left,
      "version": .left, "memory": .right, "largest buffer": .right, "units": .right,
    ])
    for device in inventory.devices {
      table.append([
        "opencl:\(device.index)", "\(device.type.rawValue)", "\(device.name)",
        "\(device.platform)", "\(device.driver)",
        "\(device.version.split(separator: " ").prefix(2).joined(separator: " "))",
        "\(Format.bytes(device.memory))", "\(Format.bytes(device.maxAllocation))",
        "\(device.computeUnits)",
      ])
    }
    table.append(["blas", "cpu", "\(blas)", "", "", "", "", "", ""])
    table.append(["reference", "cpu", "Double, for comparisons", "", "", "", "", "", ""])
    let taken = inventory.automaticDevice.map { "opencl:\($0)" } ?? inventory.automaticBackend
    return table.text(hasColor: Terminal.standardOutput.hasColor)
      + inventory.failures.map { "note: \($0)\n" }.joined()
      + "auto takes \(taken): \(inventory.automaticReason)\n"
  }
}
