import EmbeddingStore
import Foundation
import Operations

/// A folder for one test and stores in it. It goes when the test process ends, so that no store loses its file early.
final class TemporaryStore: Sendable {
  let folder: URL

  private static let root: URL = {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("mixer-store-tests-\(getpid())")
    atexit { try? FileManager.default.removeItem(at: TemporaryStore.root) }
    return root
  }()

  init() throws {
    folder = Self.root.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  var path: String { path("store.sqlite") }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func open(_ mode: SQLiteStore.Mode = .create, waiting: Duration = .zero) throws -> SQLiteStore {
    try SQLiteStore(path: path, mode: mode, waiting: waiting)
  }

  /// A store with a collection `default` of `dimension`.
  func make(dimension: Int = 4) throws -> SQLiteStore {
    let store = try open()
    try store.createCollection("default", fingerprint: "ab12", dimension: dimension)
    return store
  }

  func bytes(_ name: String = "store.sqlite") throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }
}

extension EmbeddedDocument {
  /// A document whose vector follows from `seed`.
  static func sample(
    _ id: String, _ text: String = "", metadata: String? = nil, dimension: Int = 4, seed: UInt64? = nil
  ) -> EmbeddedDocument {
    var generator = SeededGenerator(seed: seed ?? id.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    return EmbeddedDocument(
      document: Document(id: id, text: text, metadata: metadata),
      embedding: (0..<dimension).map { _ in Float(generator.unitInterval() * 2 - 1) })
  }
}

/// The store error that `body` throws, or nil.
func storeError(_ body: () throws -> Void) -> StoreError? {
  do {
    try body()
    return nil
  } catch {
    return error as? StoreError
  }
}
