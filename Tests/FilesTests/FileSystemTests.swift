import Files
import Foundation
import TestSupport
import Testing

@Suite struct FileSystemTests {
  @Test func writesAndReads() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a"
      for content in [Data(), Data([1, 2, 3]), Data(repeating: 7, count: 300_000)] {
        try FileSystem.write(content, to: path)
        #expect(try FileSystem.read(path) == content)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }
  }

  @Test func readsWhatHasNoSize() throws {
    #expect(try FileSystem.read("/proc/self/status").starts(with: Data("Name:".utf8)))
    #expect(try FileSystem.read("/dev/null").isEmpty)
  }

  @Test func keepsPermissionsAndLinks() throws {
    try withTemporaryFolder { folder in
      let (path, link) = ("\(folder)/a", "\(folder)/link")
      try FileSystem.write(Data([1]), to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      try FileSystem.write(Data([2]), to: link)
      #expect(try FileSystem.read(path) == Data([2]))
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o640)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
    }
  }

  @Test func tellsBeforehandWhetherAFileCanBeWritten() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a"
      try FileSystem.checkWritable(path)
      #expect(!FileSystem.exists(path))
      try FileSystem.write(Data([1]), to: path)
      try FileSystem.checkWritable(path)
      #expect(try FileSystem.read(path) == Data([1]))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
      try FileSystem.checkWritable("/dev/null")
      #expect(
        fileError { try FileSystem.checkWritable(folder) }
          == "\(folder) is a folder, not a file: name a file")
      for place in ["\(folder)/none/b", "\(path)/b", "/proc/b"] {
        let error = fileError { try FileSystem.checkWritable(place) }
        #expect(error.hasPrefix("cannot write \(place): "))
      }
    }
  }

  @Test func createsFolders() throws {
    try withTemporaryFolder { folder in
      try FileSystem.createFolder("\(folder)/a/b/c/")
      try FileSystem.createFolder("\(folder)/a/b")
      #expect(FileSystem.isFolder("\(folder)/a/b/c"))
      try FileSystem.write(Data(), to: "\(folder)/file")
      #expect(
        fileError { try FileSystem.createFolder("\(folder)/file") }
          == "\(folder)/file is a file, not a folder: name a folder")
      #expect(
        fileError { try FileSystem.createFolder("\(folder)/file/b") }.contains("not a folder"))
    }
  }

  @Test func namesWhatCannotBeRead() throws {
    try withTemporaryFolder { folder in
      #expect(
        fileError { try FileSystem.read("\(folder)/none") }
          == "\(folder)/none does not exist: check the path")
      #expect(
        fileError { try FileSystem.read(folder) }
          == "\(folder) is a folder, not a file: name a file")
      try FileSystem.write(Data(), to: "\(folder)/file")
      #expect(fileError { try FileSystem.read("\(folder)/file/b") }.contains("Not a directory"))
      // Address 0 of a process is not readable, by anyone.
      #expect(fileError { try FileSystem.read("/proc/self/mem") }.contains("Input/output error"))
    }
  }

  @Test func namesWhatCannotBeWritten() throws {
    try withTemporaryFolder { folder in
      #expect(
        fileError { try FileSystem.write(Data([1]), to: "\(folder)/none/file") }
          == "cannot write \(folder)/none/file: No such file or directory: "
          + "check that its folder exists")
      #expect(fileError { try FileSystem.write(Data([1]), to: folder) }.contains("is a folder"))
      #expect(
        fileError { try FileSystem.write(Data([1]), to: "/dev/full") }
          == "cannot write /dev/full: No space left on device: "
          + "free some space, or choose a folder on another disk")
      let long = "\(folder)/\(String(repeating: "n", count: 300))"
      #expect(fileError { try FileSystem.write(Data([1]), to: long) }.contains("shorter name"))
    }
  }

  /// A file that grows over the process's limit fails like one on a full disk, in the middle.
  @Test func aFailureLeavesTheOldFileAndNothingElse() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      try withTemporaryFolder { folder in
        let path = "\(folder)/model"
        try FileSystem.write(Data([1, 2, 3]), to: path)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        limit.rlim_cur = 10_000
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        let text = fileError { try FileSystem.write(Data(count: 1 << 20), to: path) }
        #expect(text.hasPrefix("cannot write \(path): File too large"))
        #expect(try FileSystem.read(path) == Data([1, 2, 3]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model"])
      }
    }
  }

  @Test(arguments: [
    ("a", "", "a"), ("é", "", "é"), ("a/", "", "a"), ("/a", "/", "a"), ("a/b", "a", "b"),
    ("/a/b//", "/a", "b"), (".", "", "."), ("/", "/", ""),
  ])
  func pathsAreSplitAtTheLastSlash(path: String, folder: String, name: String) {
    let parts = FileSystem.split(path)
    #expect(parts.folder == folder && parts.name == name)
  }
}
