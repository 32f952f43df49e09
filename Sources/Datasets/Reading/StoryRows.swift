import Foundation
import Operations

/// A story as its file has it: the id may be missing, and nothing was compared with other stories yet.
struct RawStory {
  var id: String?
  var text: String
  var title = ""
  var metadata: String?
  var line: Int
}

/// One reader a file format; ``CorpusReader`` chains them.
///
/// A row that cannot be used is a value, not an error: reading can go on behind it. What is thrown ends the file.
protocol StoryRows: AnyObject {
  func next() throws -> Result<RawStory, DatasetError>?
}

/// The checks every format shares.
struct StoryRowChecks {
  let file: String
  let limit: Int

  func fault(
    _ what: String, line: Int, expected: String? = nil, found: String? = nil, hint: String? = nil
  ) -> DatasetError {
    DatasetError(
      what, at: SourceLocation(file: file, line: line), expected: expected, found: found, hint: hint)
  }

  func tooLong(line: Int) -> DatasetError {
    fault(
      "the story is too long", line: line, expected: "at most \(limit) bytes",
      hint: "stories in one text file are separated by \(SegmentReader.storySeparator)")
  }

  func notText(_ bytes: Data, line: Int) -> DatasetError {
    fault(
      "invalid UTF-8", line: line + bytes.lineBreaksBeforeInvalidText,
      hint: "convert the file, for example with iconv -f WINDOWS-1252 -t UTF-8")
  }

  /// Refuses a story that holds nothing, and one that holds what no database or tokenizer takes.
  func check(_ story: RawStory) -> Result<RawStory, DatasetError> {
    if story.text.isBlank { return .failure(fault("the story is empty", line: story.line)) }
    if story.text.utf8.contains(0) || story.title.utf8.contains(0) {
      return .failure(fault("the story holds a NUL character", line: story.line))
    }
    if let id = story.id, let reason = StoryIdentifier.fault(in: id) {
      return .failure(fault(reason, line: story.line, found: "“\(id.excerpt())”"))
    }
    return .success(story)
  }
}
