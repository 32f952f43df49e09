internal import Mixers

/// The texts of a step, each of which is embedded once, and which belong together.
struct EmbedderBatch {
  /// What failed, if the step fails: the ids of the pairs.
  private(set) var ids: [String] = []
  private(set) var texts: [TokenWindow] = []
  /// Under which id a teacher knows each text; nil for a stretch of one.
  private(set) var textIDs: [String?] = []
  /// The texts that are queries, each with its own target, as an index into ``targets``.
  private(set) var queries: [Int] = []
  private(set) var positives: [Int] = []
  /// The texts that are stories: first those that have queries, then hard negatives.
  private(set) var targets: [Int] = []
  /// The story behind each target.
  private(set) var groups: [Int] = []

  /// - Returns: the index into ``targets``.
  mutating func addTarget(_ window: TokenWindow, story: Int, id: String?) -> Int {
    targets.append(add(window, id))
    groups.append(story)
    return targets.count - 1
  }

  mutating func addQuery(_ window: TokenWindow, of target: Int, id: String?, named name: String) {
    queries.append(add(window, id))
    positives.append(target)
    ids.append(name)
  }

  private mutating func add(_ window: TokenWindow, _ id: String?) -> Int {
    texts.append(window)
    textIDs.append(id)
    return texts.count - 1
  }
}
