internal import Checkpoints
internal import EmbeddingStore
internal import Foundation
internal import Hummingbird
internal import Mixers
internal import Retrieval
internal import Tensors

/// `GET /info`: which models and collections are served, and within which limits.
struct InformationController {
  struct Information: Encodable {
    struct Embedder: Encodable {
      let name: String
      let fingerprint: String
      let dimension: Int
      let contextLength: Int
      /// What its products are computed in, and who computes them.
      let precision: String

      enum CodingKeys: String, CodingKey {
        case name, fingerprint, dimension, precision
        case contextLength = "context_length"
      }
    }

    struct Retriever: Encodable {
      let name: String
      let contextWidth: Int

      enum CodingKeys: String, CodingKey {
        case name
        case contextWidth = "context_width"
      }
    }

    struct Collection: Encodable {
      let name: String
      let documents: Int
      let dimension: Int
      let fingerprint: String
      /// What the embeddings were made in.
      let precision: String
    }

    struct Limits: Encodable {
      let maxBodyBytes: Int
      let maxTexts: Int
      let maxQueue: Int
      let batchTokens: Int
      let deadlineSeconds: Double
      let threads: Int

      enum CodingKeys: String, CodingKey {
        case threads
        case maxBodyBytes = "max_body_bytes"
        case maxTexts = "max_texts"
        case maxQueue = "max_queue"
        case batchTokens = "batch_tokens"
        case deadlineSeconds = "deadline_seconds"
      }
    }

    let name = "mixer"
    let version: String
    /// Absent where the server has none.
    let embedder: Embedder?
    let retriever: Retriever?
    let collections: [Collection]
    let modes: [String]
    let limits: Limits
  }

  let pipeline: RequestPipeline
  let version: String

  func addRoutes(to router: Router<ServerContext>) {
    router.get("info") { _, context in
      // On a compute thread, because the store is read.
      try await pipeline.respond(context) { models in
        Work { _, _ in try JSONReply.encode(try information(models)) }
      }
    }
  }

  func information(_ models: ServedModels) throws -> Information {
    let limits = pipeline.configuration
    return Information(
      version: version,
      embedder: models.embedder.map { embedder in
        Information.Embedder(
          name: models.embedderName ?? "", fingerprint: embedder.fingerprint.hex, dimension: embedder.dimension,
          contextLength: embedder.mixer.configuration.contextLength, precision: embedder.precision.explanation)
      },
      retriever: models.retriever.map { retriever in
        Information.Retriever(name: models.retrieverName ?? "", contextWidth: retriever.configuration.contextWidth)
      },
      collections: try models.engine.store.collections().map {
        Information.Collection(
          name: $0.name, documents: $0.documents, dimension: $0.dimension, fingerprint: $0.fingerprint,
          precision: $0.precision)
      },
      modes: SearchMode.allCases.map(\.rawValue),
      limits: Information.Limits(
        maxBodyBytes: limits.maxBodyBytes, maxTexts: limits.maxTexts, maxQueue: limits.maxQueue,
        batchTokens: limits.batchTokens, deadlineSeconds: limits.deadline, threads: limits.threads))
  }
}
