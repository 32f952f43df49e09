internal import CSentencePiece
public import Foundation
internal import Operations

/// Trains a SentencePiece model as the paper's is: byte-pair encoding with byte fallback; 0 unknown, 1 beginning,
/// 2 end, no padding token.
public enum SentencePieceTrainer {
  /// The serialized model trained on `sentences`, which are read once, in order.
  ///
  /// - Parameters:
  ///   - vocabularySize: pieces, the 256 byte pieces and 3 control pieces included.
  ///   - sentences: the training text; SentencePiece ignores sentences beyond 4,192 bytes, so pass paragraphs.
  ///   - sampledSentences: how many sentences are kept (a uniform sample of the stream), which bounds the memory.
  ///   - threads: used by the trainer.
  /// - Throws: ``TokenizerError``, and whatever `sentences` throws through `next`.
  public static func train(
    vocabularySize: Int, sampledSentences: Int = 2_000_000, threads: Int = 1,
    sentences next: () throws -> String?
  ) throws -> Data {
    let options = [
      "--vocab_size=\(vocabularySize)", "--model_type=bpe", "--byte_fallback=true", "--character_coverage=0.9995",
      "--unk_id=0", "--bos_id=1", "--eos_id=2", "--pad_id=-1", "--split_digits=true",
      "--allow_whitespace_only_pieces=true", "--normalization_rule_name=identity", "--add_dummy_prefix=true",
      "--remove_extra_whitespaces=false", "--input_sentence_size=\(sampledSentences)",
      "--shuffle_input_sentence=true", "--num_threads=\(threads)", "--minloglevel=2",
    ].joined(separator: " ")
    return try withoutActuallyEscaping(next) { next in
      let stream = SentenceStream(next)
      var model: UnsafeMutablePointer<CChar>?
      var size = 0
      var message: UnsafeMutablePointer<CChar>?
      let isTrained = withExtendedLifetime(stream) {
        sp_train(
          options,
          { context, text, size in
            guard let context else { return false }
            return Unmanaged<SentenceStream>.fromOpaque(context).takeUnretainedValue().advance(text, size)
          },
          Unmanaged.passUnretained(stream).toOpaque(), &model, &size, &message)
      }
      defer { sp_free_string(model) }
      if let failure = stream.failure { throw failure }
      guard isTrained, let model else {
        throw TokenizerError(
          .badInput, "the tokenizer cannot be trained", found: takeString(message),
          hint: "a small corpus needs a smaller vocabulary")
      }
      return Data(bytes: model, count: size)
    }
  }
}

/// Hands Swift strings to the trainer one at a time and keeps the error that ended the stream.
private final class SentenceStream {
  private let next: () throws -> String?
  private var current: [CChar] = []
  private(set) var failure: (any Error)?

  init(_ next: @escaping () throws -> String?) { self.next = next }

  func advance(
    _ text: UnsafeMutablePointer<UnsafePointer<CChar>?>?, _ size: UnsafeMutablePointer<Int>?
  ) -> Bool {
    do {
      guard let sentence = try next() else { return false }
      current = Array(sentence.utf8CString)
    } catch {
      failure = error
      return false
    }
    // The array is not touched again before the next call, so its buffer stays where it is.
    current.withUnsafeBufferPointer { text?.pointee = $0.baseAddress }
    size?.pointee = current.count - 1
    return true
  }
}
