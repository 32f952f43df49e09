import ArgumentParser
import Datasets
import Operations

struct DatasetCleanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Repair texts, leave out unfit stories and near-duplicates, and say what was dropped and why.",
    discussion: """
      Texts are composed (NFC), mojibake is undone, invisible characters, odd white space and typographic quotes are \
      made plain. Stories are dropped for their length, a missing end, their language, garbage, repetition, or being \
      (nearly) the same as an earlier one; dropped.jsonl in the output names each.

      Examples:
        mixer dataset clean --dataset raw --output stories
        mixer dataset clean --dataset raw --dry-run --tokenizer tokenizer.model --max-tokens 512
      """)

  @OptionGroup var options: DatasetOption
  @Option(help: ArgumentHelp("A new dataset folder.", valueName: "DIR"))
  var output: String?
  @Flag(help: "Only report; write nothing.")
  var dryRun = false
  @Option(help: "The fewest tokens of a story.")
  var minTokens = 40
  @Option(help: "The most tokens of a story (default: no bound).")
  var maxTokens: Int?
  @OptionGroup var tokens: TokenCountOption
  @Option(help: "The similarity (Jaccard of word triples) that makes a near-duplicate; 0 keeps them.")
  var nearDuplicate = 0.7
  @Flag(help: "Keep stories that do not end like a sentence.")
  var keepCutOff = false
  @Flag(help: "Keep stories in every language, not only English.")
  var anyLanguage = false
  @Flag(help: "Keep typographic quotes as they are.")
  var keepQuotes = false
  @Flag(help: "Pass over rows that cannot be read, and count them, instead of stopping.")
  var skipInvalid = false
  @OptionGroup var json: JSONOption

  func validate() throws {
    if output == nil, !dryRun { throw ValidationError("--output: expected a folder, or --dry-run") }
    if output != nil, dryRun { throw ValidationError("--dry-run writes nothing: leave out --output") }
    if !(0...1).contains(nearDuplicate) {
      throw ValidationError("--near-duplicate: expected 0 to 1, found \(nearDuplicate)")
    }
    if let maxTokens, maxTokens < minTokens {
      throw ValidationError("--max-tokens: expected at least --min-tokens \(minTokens), found \(maxTokens)")
    }
  }

  func run() throws {
    var cleaner = DatasetCleaner()
    cleaner.cleaner.straightensQuotes = !keepQuotes
    cleaner.filter.minimumTokens = minTokens
    cleaner.filter.maximumTokens = maxTokens
    cleaner.filter.dropsCutOff = !keepCutOff
    if anyLanguage { cleaner.filter.minimumFunctionWords = 0 }
    if let tokenCount = try tokens.tokenCount() {
      cleaner.filter.tokenCount = tokenCount
      cleaner.filter.tokenCountSource = tokens.tokenizer
    }
    cleaner.nearDuplicateThreshold = nearDuplicate == 0 ? nil : nearDuplicate
    cleaner.corpus.skipInvalid = skipInvalid
    let report = try withProgress("clean") { cancellation, progress in
      try cleaner.clean(options.dataset, to: output, cancellation: cancellation) {
        progress.update(done: $0, total: $1)
      }
    }
    if json.isOn { return try DatasetReportOutput.print(report) }
    report.resumedAfter.map(DatasetReportOutput.noteResumption)
    print("\(report.kept.grouped) of \(report.read.grouped) stories kept, \(report.changed.grouped) of them changed")
    for repair in TextCleaner.Repair.allCases {
      if let count = report.repairs[repair] { print("  repaired in \(count.grouped): \(repair.rawValue)") }
    }
    if report.invalidSkipped > 0 { print("  \(report.invalidSkipped.grouped) rows passed over") }
    for reason in DropReason.allCases {
      guard let count = report.dropped[reason] else { continue }
      print("  dropped \(count.grouped): \(reason.rawValue) (\(reason.explanation))")
      for example in report.examples[reason] ?? [] {
        print("    \(example.id) \(example.detail.singleLine): \(example.excerpt.excerpt(60))")
      }
    }
    if report.queriesKept + report.queriesDropped > 0 {
      print(
        "  queries: \(report.queriesKept.grouped) kept, \(report.queriesDropped.grouped) dropped with their stories")
    }
  }
}
