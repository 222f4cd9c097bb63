import Backend
import Backends
import Foundation
import OpenCLBackend
import Testing

/// The choice on this machine, which must have an OpenCL device.
@Suite struct ChooseBackendTests {
  @Test func everyRequestMakesItsBackend() throws {
    for word in ["opencl", "opencl:0", "blas", "reference"] {
      let chosen = try chooseBackend(BackendRequest(word), environment: [:])
      #expect(chosen.backend.name == word.prefix { $0 != ":" })
      #expect(!chosen.backend.device.isEmpty)
    }
  }

  @Test func theEnvironmentIsAsked() throws {
    let chosen = try chooseBackend(environment: ["VAE_BACKEND": "reference"])
    #expect(chosen.backend.name == "reference")
  }

  @Test func automaticAgreesWithTheInventory() throws {
    let inventory = Inventory.current(environment: [:])
    let chosen = try chooseBackend(.automatic, environment: [:])
    #expect(chosen.backend.name == inventory.automaticBackend)
    #expect(chosen.reason == inventory.automaticReason)
  }

  @Test func theInventoryNamesTheDevicesAndSurvivesCoding() throws {
    let inventory = Inventory.current(environment: [:])
    let device = try #require(inventory.devices.first)
    #expect(device.index == 0 && device.memory > 0 && device.computeUnits > 0)
    #expect(inventory.platforms.contains(device.platform))
    let coded = try JSONDecoder().decode(
      Inventory.self, from: JSONEncoder().encode(inventory))
    #expect(coded == inventory)
  }

  @Test func aDeviceAskedForFailsWithItsOwnError() {
    #expect(throws: OpenCLError.self) {
      try chooseBackend(.openclIndex(0), kernels: "/nonexistent", environment: [:])
    }
  }
}
