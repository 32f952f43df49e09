import Foundation
import Operations
import Testing

@testable import EmbeddingStore

@Suite struct ScratchFileTests {
  @Test func whereNoneCanBeMadeTheErrorNamesTheFolder() throws {
    let place = try TemporaryStore()
    let missing = place.path("missing")
    let error = storeError { _ = try ScratchFile(folders: [missing]) }
    #expect(error?.diagnosis.category == .environment)
    #expect(error?.description.contains(missing) == true)
    // The next folder is tried.
    let file = try ScratchFile(folders: [missing, place.folder.path])
    try [Float(1), 2, 3].withUnsafeBytes { try file.write($0, at: 4) }
    let block = try file.map(count: 4)
    #expect((0..<4).map { block.base[$0] } == [0, 1, 2, 3])
    #expect(try place.names == [])
  }
}
