/// Stories of a text file with `<|endoftext|>` between them (the TinyStories files); blank ones are no stories.
final class TextStories: StoryRows {
  private let segments: SegmentReader
  private let checks: StoryRowChecks

  init(_ source: ByteSource, options: CorpusOptions) {
    segments = SegmentReader(
      source, delimiter: SegmentReader.storySeparator, limit: options.maximumStoryBytes)
    checks = StoryRowChecks(file: source.name, limit: options.maximumStoryBytes)
  }

  func next() throws -> Result<RawStory, DatasetError>? {
    while let segment = try segments.next() {
      switch segment {
      case .tooLong(let line): return .failure(checks.tooLong(line: line))
      case .bytes(let bytes, let line):
        guard let text = bytes.validText else { return .failure(checks.notText(bytes, line: line)) }
        let story = text.trimmed.withUnixLineEndings
        if story.isEmpty { continue }
        let leadingLines = text.unicodeScalars.prefix { $0.isSpace }
          .reduce(0) { $1 == "\n" ? $0 + 1 : $0 }
        return checks.check(RawStory(text: story, line: line + leadingLines))
      }
    }
    return nil
  }
}
