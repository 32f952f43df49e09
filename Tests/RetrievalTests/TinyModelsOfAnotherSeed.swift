import Checkpoints
import Foundation
import Retrieval
import TestSupport

/// Models of the same shape as the fixture's with other weights.
struct TinyModelsOfAnotherSeed {
  let folder: TemporaryFolder
  let models: ModelSource

  init() throws {
    folder = try TemporaryFolder()
    let model = try TinyModels.writeMaskedMixer(to: folder, seed: 99)
    models = ModelSource(embedder: model.url.path, locator: ModelLocator(roots: []))
  }
}
