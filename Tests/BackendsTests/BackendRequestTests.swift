import Backends
import Testing

@Suite struct BackendRequestTests {
  @Test(arguments: [
    ("auto", BackendRequest.automatic), ("opencl", .opencl), ("opencl:0", .openclIndex(0)),
    ("opencl:12", .openclIndex(12)), ("opencl:NVIDIA H200", .openclName("NVIDIA H200")),
    ("opencl:-1", .openclName("-1")), ("opencl:99999999999999999999", .openclIndex(.max)),
    ("blas", .blas), ("reference", .reference),
  ])
  func parses(text: String, request: BackendRequest) throws {
    #expect(try BackendRequest(text) == request)
  }

  @Test(arguments: ["", "cuda", "opencl:", "Opencl", "blas ", "opencl 0"])
  func refuses(text: String) {
    let error = #expect(throws: BackendChoiceError.self) { try BackendRequest(text) }
    #expect(error == .unknownRequest(text))
    #expect(error?.isUsageError == true)
    #expect(error?.description.contains("opencl:INDEX") == true)
  }

  @Test func explicitWinsOverEnvironment() throws {
    let environment = ["VAE_BACKEND": "blas"]
    #expect(try BackendRequest.resolve(nil, environment: environment) == .blas)
    #expect(try BackendRequest.resolve(.reference, environment: environment) == .reference)
    #expect(try BackendRequest.resolve(nil, environment: [:]) == .automatic)
    #expect(try BackendRequest.resolve(nil, environment: ["VAE_BACKEND": ""]) == .automatic)
    #expect(throws: BackendChoiceError.unknownRequest("gpu")) {
      try BackendRequest.resolve(nil, environment: ["VAE_BACKEND": "gpu"])
    }
  }
}
