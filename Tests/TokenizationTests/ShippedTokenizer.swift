import Foundation
import Tokenization

/// The tokenizer and the stories that the package ships.
enum Shipped {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let tokenizerURL = root.appendingPathComponent("Models/story-embedder-256/tokenizer.model")

  static func tokenizer() throws -> SentencePieceTokenizer { try SentencePieceTokenizer(contentsOf: tokenizerURL) }

  /// The first stories of the corpus.
  static func stories(_ count: Int) throws -> [String] {
    struct Story: Decodable { var text: String }
    let handle = try FileHandle(forReadingFrom: root.appendingPathComponent("Corpus/tinystories/corpus.jsonl"))
    let head = try handle.read(upToCount: count * 4_000) ?? Data()
    return try head.split(separator: UInt8(ascii: "\n")).prefix(count).map {
      try JSONDecoder().decode(Story.self, from: $0).text
    }
  }
}
