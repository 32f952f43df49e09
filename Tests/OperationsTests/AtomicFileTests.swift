import Foundation
import Operations
import Testing

@Suite final class AtomicFileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("atomic-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private var target: URL { folder.appendingPathComponent("file.bin") }
  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  @Test func committedFileHoldsAllParts() throws {
    var file = try AtomicFile(target)
    try file.write("one ")
    try file.write(Data("two ".utf8))
    try file.write(Data())
    try file.write([UInt8]("three".utf8))
    try file.commit()
    #expect(try String(contentsOf: target, encoding: .utf8) == "one two three")
    #expect(try names == ["file.bin"])
  }

  @Test func nothingAppearsBeforeTheCommit() throws {
    try Data("old".utf8).write(to: target)
    do {
      let file = try AtomicFile(target)
      try file.write("new")
      #expect(try Data(contentsOf: target) == Data("old".utf8))
      #expect(try names.count == 2)
    }
    #expect(try names == ["file.bin"])
    #expect(try Data(contentsOf: target) == Data("old".utf8))
  }

  @Test func errorInTheMiddleLeavesTheOldFile() throws {
    struct Stop: Error {}
    try Data("old".utf8).write(to: target)
    #expect(throws: Stop.self) {
      let file = try AtomicFile(self.target)
      try file.write("half")
      throw Stop()
    }
    #expect(try names == ["file.bin"])
    #expect(try Data(contentsOf: target) == Data("old".utf8))
  }

  @Test func replaceSwapsTheWholeContent() throws {
    try Data(repeating: 7, count: 10_000).write(to: target)
    try AtomicFile.replace(target, with: Data("short".utf8))
    #expect(try Data(contentsOf: target) == Data("short".utf8))
  }

  @Test func twoWritersOfOneFileDoNotMix() throws {
    var first = try AtomicFile(target)
    var second = try AtomicFile(target)
    #expect(first.temporaryURL != second.temporaryURL)
    try first.write("first")
    try second.write("second")
    try second.commit()
    #expect(try Data(contentsOf: target) == Data("second".utf8))
    try first.commit()
    #expect(try Data(contentsOf: target) == Data("first".utf8))
    #expect(try names == ["file.bin"])
  }

  @Test func missingFolderIsAnErrorThatNamesIt() throws {
    let missing = folder.appendingPathComponent("no/such/file")
    let error = #expect(throws: OperationError.self) { _ = try AtomicFile(missing) }
    #expect(error?.diagnosis.location == missing.path)
    #expect(error?.diagnosis.category == .notFound)
  }

  @Test func folderInPlaceOfTheFileIsAnError() throws {
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    #expect(throws: OperationError.self) { try AtomicFile.replace(self.target, with: Data("x".utf8)) }
    #expect(try names == ["file.bin"])
  }
}
