import ArgumentParser
import Datasets
import Operations

struct DatasetPairsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairs",
    abstract: "Make pairs of query and story without a language model, for self-supervised training.",
    discussion: """
      inverse-cloze: sentences of the story, taken out of it; lead: its first sentence, taken out; crop: runs of its \
      words; paraphrase: queries (or sentences) rewritten with other words, by a thesaurus of story words and WordNet \
      (Debian's wordnet-base), names dropped; omission: queries (or sentences) with words left out. Pairs go \
      into the split "all", those of a split's stories or queries into the split of that name.

      Examples:
        mixer dataset pairs --dataset stories --method inverse-cloze --count 2 --split train --output cloze
        mixer dataset pairs --dataset stories --method paraphrase --of queries --split train --count 8 \\
          --output paraphrases --seed 7
      """)

  @OptionGroup var options: DatasetOption
  @Option(
    help: "How: \(PairMethod.allCases.map(\.rawValue).joined(separator: ", ")).", transform: { try choice($0) })
  var method: PairMethod
  @Option(help: ArgumentHelp("A new dataset folder.", valueName: "DIR"))
  var output: String
  @Option(help: "Queries a story gets at most (paraphrase, omission: a query).")
  var count = 1
  @Option(
    help: "What to paraphrase or shorten: queries (default where there are any) or sentences.",
    transform: { try choice($0) })
  var of: ParaphraseSource?
  @Option(
    help:
      "The split whose stories or queries are used (default: all stories; queries of train, or all where there is none)."
  )
  var split: String?
  @Option(help: "The probability that a paraphrase replaces a content word.")
  var strength = 0.95
  @Option(help: "The probability that a sentence stays in its story.")
  var keep = 0.1
  @Option(help: ArgumentHelp("WordNet's database files.", valueName: "DIR"))
  var wordnet = WordNet.defaultFolder
  @Option(help: "The seed.")
  var seed: UInt64 = 0
  @OptionGroup var json: JSONOption

  func validate() throws {
    if !(1...1000).contains(count) { throw ValidationError("--count: expected 1 to 1000, found \(count)") }
    if !(0...1).contains(keep) { throw ValidationError("--keep: expected 0 to 1, found \(keep)") }
    if !(0...1).contains(strength) { throw ValidationError("--strength: expected 0 to 1, found \(strength)") }
  }

  func run() throws {
    var maker = PairMaker(method: method, seed: seed)
    (maker.count, maker.keepProbability) = (count, keep)
    (maker.source, maker.split, maker.strength) = (of, split, strength)
    let wordNet = method == .paraphrase ? try WordNet(folder: wordnet) : nil
    let report = try withProgress("pairs") { cancellation, progress in
      try maker.make(from: options.dataset, to: output, wordNet: wordNet, cancellation: cancellation) {
        progress.update(done: $0, total: $1)
      }
    }
    if json.isOn { return try DatasetReportOutput.print(report) }
    report.resumedAfter.map(DatasetReportOutput.noteResumption)
    print(
      "\(report.queries.grouped) queries for \((report.stories - report.storiesWithoutQuery).grouped) stories in \(output)"
    )
    if report.storiesWithoutQuery > 0 { print("  \(report.storiesWithoutQuery.grouped) stories without one") }
  }
}
