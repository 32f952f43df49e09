public import Foundation

/// Where the files of a dataset folder lie (the BEIR layout, DESIGN §5).
public struct DatasetLayout: Sendable, Equatable {
  public let folder: URL

  public init(_ path: String) { folder = URL(fileURLWithPath: path, isDirectory: true) }

  public init(_ folder: URL) { self.folder = folder }

  public var corpus: URL { folder.appendingPathComponent("corpus.jsonl") }
  public var queries: URL { folder.appendingPathComponent("queries.jsonl") }
  public var judgementsFolder: URL { folder.appendingPathComponent("qrels", isDirectory: true) }

  public func judgements(of split: String) -> URL { judgementsFolder.appendingPathComponent("\(split).tsv") }
}
