/// Why one story is dropped, as it goes into `dropped.jsonl`.
struct CleaningDrop {
  var reason: DropReason
  var detail: String
  var duplicateOf: String?
  var similarity: Double?

  func line(for story: StoryRecord) -> String {
    var fields = [
      "\"_id\": \(JSONText.quoted(story.id))", "\"reason\": \(JSONText.quoted(reason.rawValue))",
      "\"detail\": \(JSONText.quoted(detail))",
    ]
    if let duplicateOf { fields.append("\"duplicate_of\": \(JSONText.quoted(duplicateOf))") }
    if let similarity { fields.append("\"similarity\": \(similarity)") }
    fields.append("\"excerpt\": \(JSONText.quoted(String(story.text.prefix(80))))")
    return "{" + fields.joined(separator: ", ") + "}\n"
  }
}
