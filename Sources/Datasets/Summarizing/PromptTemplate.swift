import Foundation
import Operations

/// What a language model is asked for each story: an optional system message and a user message with `{story}`
/// where the story goes.
///
/// As a file: the user message; or the system message, a line with only `---`, and the user message.
public struct PromptTemplate: Sendable, Equatable {
  public var system: String
  public var user: String

  static let placeholder = "{story}"
  private static let divider = "---"

  /// The prompt that the paper's summaries of TinyStories were made with (Badger 2024, arXiv 2409.01482, and its
  /// published code).
  public static let paper = PromptTemplate(
    system: "You are an assistant for creating summaries for short stories.",
    user: "Give a brief one-sentence summary of the following story with no other output, "
      + "do not begin with 'Here is a summary...'. Story: {story}")

  init(system: String, user: String) {
    self.system = system
    self.user = user
  }

  /// Reads a template file.
  ///
  /// - Throws: ``DatasetError`` when it cannot be read or has no `{story}`.
  public init(contentsOf path: String) throws {
    var lines: [String] = []
    let source = try ByteSource(path: path)
    let reader = SegmentReader(source, delimiter: "\n", limit: 1 << 20)
    while let segment = try reader.next() {
      guard case .bytes(let bytes, _) = segment, let text = bytes.withoutCarriageReturn.validText else {
        throw DatasetError("the prompt cannot be read", at: SourceLocation(file: path, line: lines.count + 1))
      }
      lines.append(text)
    }
    let parts = lines.split(separator: Self.divider, maxSplits: 1, omittingEmptySubsequences: false)
    system = parts.count > 1 ? parts[0].joined(separator: "\n").trimmed : ""
    user = parts[parts.count - 1].joined(separator: "\n").trimmed
    guard user.contains(Self.placeholder) else {
      throw DatasetError(
        Diagnosis(
          .badInput, "the prompt has no place for the story", at: path, expected: Self.placeholder))
    }
  }

  /// The messages of a first request.
  func messages(for story: String) -> [ChatMessage] {
    let question = ChatMessage(role: "user", content: user.replacingOccurrences(of: Self.placeholder, with: story))
    return system.isEmpty ? [question] : [ChatMessage(role: "system", content: system), question]
  }
}
