import ArgumentParser
import Datasets
import Foundation
import Operations

struct DatasetStatisticsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "statistics",
    abstract: "Counts, lengths, vocabulary, and how many words queries and stories share.",
    discussion: """
      Examples:
        mixer dataset statistics --dataset Corpus/tinystories
        mixer dataset statistics --dataset Corpus/tinystories \\
          --tokenizer Models/masked-mixer-256/tokenizer.model --svg lengths.svg --png lengths.png
      """)

  @OptionGroup var options: DatasetOption
  @OptionGroup var tokens: TokenCountOption
  @Option(help: ArgumentHelp("Also draw the histograms as a picture.", valueName: "FILE.svg"))
  var svg: String?
  @Option(help: ArgumentHelp("The same as PNG; needs rsvg-convert (librsvg2-bin).", valueName: "FILE.png"))
  var png: String?
  @OptionGroup var json: JSONOption

  func run() throws {
    let dataset = try Dataset(options.dataset)
    let statistics = try withProgress("statistics") { cancellation, progress in
      try DatasetStatistics(of: dataset, tokenCount: try tokens.tokenCount(), cancellation: cancellation) {
        progress.update(done: $0, total: $1)
      }
    }
    try draw(statistics)
    if json.isOn { return try DatasetReportOutput.print(statistics) }
    print(
      "\(statistics.stories.grouped) stories, \(statistics.storyBytes.grouped) bytes; \(statistics.queries.grouped) queries"
    )
    for (split, count) in statistics.splits.sorted(by: { $0.key < $1.key }) {
      let overlap = statistics.overlap[split]
      print(
        "  \(split): \(count.grouped) queries; their stories have \((overlap?.words ?? 0).percent) of their words, "
          + "\((overlap?.contentWords ?? 0).percent) without function words; \((overlap?.disjoint ?? 0).percent) share none"
      )
    }
    print("\(statistics.distinctWords.grouped) distinct words, \(statistics.wordsSeenOnce.grouped) of them once")
    let coverage = statistics.coverage.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }
    print(
      "  "
        + coverage.map { "the commonest \((Int($0.key) ?? 0).grouped) cover \($0.value.percent)" }.joined(
          separator: ", "))
    if statistics.queries > 0 {
      print("  stories have \(statistics.queryWordsInStories.percent) of the queries' words")
    }
    for (title, lengths) in [("stories", statistics.storyLengths), ("queries", statistics.queryLengths)] {
      guard let lengths else { continue }
      print(
        "\(title) in \(statistics.lengthUnit): mean \(String(format: "%.1f", lengths.mean)), \(lengths.minimum.grouped) to "
          + "\(lengths.maximum.grouped), median \(lengths.median.grouped), 95 % up to \(lengths.percentile95.grouped)")
      for line in lengths.histogram.terminalLines() { print("  \(line)") }
    }
  }

  private func draw(_ statistics: DatasetStatistics) throws {
    guard svg != nil || png != nil else { return }
    let drawing = HistogramSVG.draw(
      [("Stories", statistics.storyLengths), ("Queries", statistics.queryLengths)].compactMap { title, lengths in
        lengths.map { (title, statistics.lengthUnit, $0.histogram) }
      })
    if let svg { try AtomicFile.replace(URL(fileURLWithPath: svg), with: Data(drawing.utf8)) }
    if let png, try !PNGPicture.draw(drawing, to: URL(fileURLWithPath: png)) {
      Terminal.standardError("mixer: note: no PNG without \(PNGPicture.converter) (apt-get install librsvg2-bin)")
    }
  }
}
