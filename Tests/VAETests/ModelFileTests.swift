import Backend
import Files
import Foundation
import ReferenceBackend
import TestSupport
import Testing
import VAE

@Suite struct ModelFileTests {
  private func model() throws -> VariationalAutoencoder {
    let model = try VariationalAutoencoder(smallModel, on: ReferenceBackend())
    model.initialize(.kaimingUniform, seed: 6)
    return model
  }

  @Test func parametersHavePyTorchsNamesAndShapes() throws {
    let shapes = try model().parameters().map { "\($0.name) \($0.shape)" }
    #expect(
      shapes == [
        "encoder.0.weight [9, 12]", "encoder.0.bias [9]", "mean.weight [3, 9]", "mean.bias [3]",
        "log_variance.weight [3, 9]", "log_variance.bias [3]", "decoder.0.weight [7, 3]",
        "decoder.0.bias [7]", "output.weight [12, 7]", "output.bias [12]",
      ])
    var sigma = smallModel
    sigma.posterior = .sigma
    let names = try VariationalAutoencoder(sigma, on: ReferenceBackend()).parameters().map(\.name)
    #expect(names.contains("sigma.weight") && !names.contains("log_variance.weight"))
  }

  @Test func presetsHaveThePublishedNumberOfParameters() {
    #expect(Preset.keras.model.parameterCount == 472_894)
    #expect(Preset.pytorch.model.parameterCount == 652_824)
  }

  @Test func fileAloneIsEnough() throws {
    let folder = try TemporaryFolder()
    let original = try model()
    try original.save(to: folder.file("model.safetensors"))
    let copy = try VariationalAutoencoder(
      contentsOf: folder.file("model.safetensors"), on: ReferenceBackend())
    #expect(copy.configuration == original.configuration)
    #expect(try copy.parameters() == original.parameters())
    #expect(try copy.sample(count: 5, seed: 1) == original.sample(count: 5, seed: 1))
    try copy.save(to: folder.file("again.safetensors"))
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder.file("model.safetensors"), andPath: folder.file("again.safetensors")))
  }

  @Test func weightsAreOutputsByInputs() throws {
    // One hidden unit fed by pixel 4 alone: the fifth number of its row.
    let model = try model()
    try model.setParameters(
      try model.parameters().map { array in
        var values = [Float](repeating: 0, count: array.values.count)
        if array.name == "encoder.0.weight" { values[2 * 12 + 4] = 1 }
        if array.name == "mean.weight" { values[1 * 9 + 2] = 10 }
        return NamedArray(name: array.name, shape: array.shape, values: values)
      })
    var image = [UInt8](repeating: 0, count: 12)
    image[4] = 51
    let codes = try model.encode(try model.backend.makePixelTable(image, columns: 12))
    #expect(codes.means == [0, 2, 0])
  }

  @Test(arguments: [
    ("model", "not a model of this program"), ("{", "cannot be used"),
    (#"{"latent": 3}"#, "is missing"),
  ])
  func foreignFilesAreNamed(configuration: String, expected: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("model.safetensors")
    let metadata = configuration == "model" ? [:] : ["model": configuration]
    try Safetensors(metadata: metadata, tensors: try model().parameters()).write(to: path)
    let error = #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: path) }
    let text = "\(error as Any)"
    #expect(text.contains(expected) && text.contains(path))
  }

  @Test func filesThatDoNotFitAreNamed() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("model.safetensors")
    let parameters = try model().parameters()
    let bent = NamedArray(
      name: "output.bias", shape: [4, 3], values: Array(repeating: 0, count: 12))
    let broken = NamedArray(
      name: "output.bias", shape: [12], values: Array(repeating: .infinity, count: 12))
    for (arrays, expected) in [
      (parameters.dropLast(), ModelFileError.missing("output.bias", path: path)),
      (
        parameters + [NamedArray(name: "extra", shape: [1], values: [0])],
        .unknown("extra", path: path)
      ),
      (
        parameters.dropLast() + [bent],
        .shape("output.bias", found: [4, 3], expected: [12], path: path)
      ),
      (parameters.dropLast() + [broken], .notFinite("output.bias", path: path)),
    ] {
      try ModelFile(configuration: smallModel, parameters: Array(arrays)).write(to: path)
      let error = #expect(throws: expected) { try ModelFile(contentsOf: path) }
      #expect("\(error as Any)".contains(path))
    }
  }

  @Test func arraysThatDoNotFitAreNamed() throws {
    let model = try model()
    let parameters = try model.parameters()
    #expect(throws: ModelFileError.missing("encoder.0.weight")) {
      try model.setParameters(Array(parameters.dropFirst()))
    }
    #expect(throws: ModelFileError.unknown("extra")) {
      try model.setParameters(parameters + [NamedArray(name: "extra", shape: [1], values: [0])])
    }
    let bent =
      parameters.dropLast() + [
        NamedArray(name: "output.bias", shape: [3, 4], values: Array(repeating: 0, count: 12))
      ]
    #expect(throws: ModelFileError.shape("output.bias", found: [3, 4], expected: [12])) {
      try model.setParameters(Array(bent))
    }
    #expect(try model.parameters() == parameters, "nothing is set unless everything fits")
  }
}
