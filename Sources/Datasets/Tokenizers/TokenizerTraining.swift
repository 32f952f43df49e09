public import Foundation
public import Operations
import Tokenization

/// Trains a SentencePiece tokenizer on a dataset's stories, which are streamed: byte-pair encoding with byte
/// fallback; 0 unknown, 1 beginning, 2 end (the paper's tokenizers have 4,096 pieces).
public struct TokenizerTraining: Sendable {
  public struct Report: Sendable, Codable, Equatable {
    public var stories = 0
    /// Pieces of text handed to the trainer.
    public var sentences = 0
    public var vocabularySize = 0
  }

  public var vocabularySize: Int
  /// How many sentences are kept for training (a sample of the stream beyond that), which bounds the memory.
  public var sampledSentences = 1_000_000
  public var threads = 1

  /// SentencePiece passes over sentences that are longer.
  private static let longestSentence = 4000

  public init(vocabularySize: Int = 4096) { self.vocabularySize = vocabularySize }

  /// - Parameter progress: called with the bytes of the corpus read and their total; training itself follows.
  /// - Returns: the model's bytes.
  /// - Throws: ``DatasetError``, `TokenizerError` when the corpus is too small for the vocabulary, or what
  ///   `cancellation` throws.
  public func train(
    on dataset: Dataset, cancellation: Cancellation = Cancellation(), progress: (Int, Int?) -> Void = { _, _ in }
  ) throws -> (model: Data, report: Report) {
    guard (300...1_000_000).contains(vocabularySize) else {
      throw DatasetError(
        Diagnosis(
          .badInput, "no such vocabulary", expected: "300 to 1,000,000 pieces (256 are bytes)",
          found: "\(vocabularySize)"))
    }
    let reader = try dataset.stories()
    var report = Report()
    report.vocabularySize = vocabularySize
    var pending: [String] = []
    let model = try SentencePieceTrainer.train(
      vocabularySize: vocabularySize, sampledSentences: sampledSentences, threads: threads
    ) {
      while pending.isEmpty {
        try cancellation.check()
        guard let story = try reader.next() else { return nil }
        report.stories += 1
        pending = Self.sentences(of: story.text).reversed()
        progress(reader.counts.bytesRead, reader.totalBytes)
      }
      report.sentences += 1
      return pending.removeLast()
    }
    return (model, report)
  }

  /// The lines of a story; a long one is cut into its sentences, and those into runs of words.
  static func sentences(of text: String) -> [String] {
    text.split(separator: "\n").flatMap { line -> [String] in
      if line.utf8.count <= longestSentence { return [String(line)] }
      return Sentences.split(String(line)).flatMap { sentence -> [String] in
        if sentence.utf8.count <= longestSentence { return [String(sentence)] }
        var runs: [String] = [""]
        for word in sentence.split(separator: " ") where word.utf8.count <= longestSentence {
          if runs[runs.count - 1].utf8.count + word.utf8.count >= longestSentence { runs.append("") }
          runs[runs.count - 1] += (runs[runs.count - 1].isEmpty ? "" : " ") + word
        }
        return runs.filter { !$0.isEmpty }
      }
    }
  }
}
