/// One story as it was read from a corpus.
public struct StoryRecord: Sendable, Equatable {
  /// Given by the corpus, or ``StoryIdentifier/contentHash(of:)``. Never holds white space or control characters.
  public var id: String
  /// Never empty and never only white space.
  public var text: String
  /// Empty where the corpus has none.
  public var title: String
  /// The text of a JSON object with its keys sorted, or nil where the corpus has none.
  public var metadata: String?
  /// Where it was read.
  public var source: SourceLocation

  public init(id: String, text: String, title: String = "", metadata: String? = nil, source: SourceLocation) {
    self.id = id
    self.text = text
    self.title = title
    self.metadata = metadata
    self.source = source
  }
}
