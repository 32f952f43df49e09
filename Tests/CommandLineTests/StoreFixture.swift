import TestSupport

/// A store of three stories under a tiny random model, made by the binary itself.
struct StoreFixture {
  let folder: TemporaryFolder
  let corpus: String
  let model: String
  let store: String

  init() throws {
    folder = try TemporaryFolder()
    corpus = try folder.write(
      """
      {"_id": "a", "text": "A small bird built a nest in the old tree and sang all day."}
      {"_id": "b", "text": "Tom lost his red ball, and his friend Sue helped him to look for it."}
      {"_id": "c", "text": "The bear shared its honey with the hungry fox."}

      """, to: "corpus.jsonl")
    try TinyModels.writeMaskedMixer(to: folder, name: "model")
    model = folder.path("model")
    store = folder.path("stories.sqlite")
    let outcome = try MixerProcess.run(["index", "--corpus", corpus, "--store", store, "--model", model])
    guard outcome.exitStatus == 0 else { throw IndexingFailed(errors: outcome.errors) }
  }

  private struct IndexingFailed: Error {
    var errors: String
  }
}
