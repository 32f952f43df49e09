import ArgumentParser
import Datasets
import Operations

struct DatasetSplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divide the judged queries into train, dev and test, near-duplicates together.",
    discussion: """
      Writes qrels/train.tsv, dev.tsv and test.tsv into the dataset; all.tsv keeps all pairs. Run again with other \
      sizes or another seed, it divides the same pairs anew.

      Example:
        mixer dataset split --dataset stories --dev 500 --test 1000 --seed 1
      """)

  @OptionGroup var options: DatasetOption
  @Option(help: "Stories for dev.")
  var dev: Int
  @Option(help: "Stories for test.")
  var test: Int
  @Option(help: "The similarity (Jaccard of word triples) that keeps stories together; 0 looks for none.")
  var nearDuplicate = 0.5
  @Option(help: "The seed.")
  var seed: UInt64 = 0
  @OptionGroup var json: JSONOption

  func validate() throws {
    if dev < 0 || test < 0 { throw ValidationError("--dev and --test: expected 0 or more") }
    if !(0...1).contains(nearDuplicate) {
      throw ValidationError("--near-duplicate: expected 0 to 1, found \(nearDuplicate)")
    }
  }

  func run() throws {
    var splitter = DatasetSplitter(dev: dev, test: test, seed: seed)
    splitter.nearDuplicateThreshold = nearDuplicate == 0 ? nil : nearDuplicate
    let report = try withProgress("split") { cancellation, progress in
      try splitter.split(options.dataset, cancellation: cancellation) { progress.update(done: $0, total: $1) }
    }
    if json.isOn { return try DatasetReportOutput.print(report) }
    print("train  \(report.trainStories.grouped) stories, \(report.trainQueries.grouped) queries")
    print("dev    \(report.devStories.grouped) stories, \(report.devQueries.grouped) queries")
    print("test   \(report.testStories.grouped) stories, \(report.testQueries.grouped) queries")
    print("\(report.groupedStories.grouped) stories in \(report.groups.grouped) groups that had to stay together")
    if report.storiesWithoutQuery > 0 {
      print("\(report.storiesWithoutQuery.grouped) stories without a query are in no split")
    }
  }
}
