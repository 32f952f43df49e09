import ArgumentParser

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "From raw stories to pairs of summary and story for training.",
    discussion: """
      Example, from a raw file to a dataset with splits:
        mixer dataset import --input stories.txt --output raw
        mixer dataset clean --dataset raw --output stories
        mixer dataset summarize --dataset stories --endpoint http://localhost:8000 --model-name llama
        mixer dataset split --dataset stories --dev 500 --test 1000
      """,
    subcommands: [
      DatasetImportCommand.self, DatasetCleanCommand.self, DatasetSummarizeCommand.self, DatasetPairsCommand.self,
      DatasetDefinitionsCommand.self, DatasetSplitCommand.self, DatasetStatisticsCommand.self, DatasetMineCommand.self,
    ])
}
