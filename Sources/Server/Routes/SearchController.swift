internal import EmbeddingStore
internal import Foundation
internal import Hummingbird
internal import Operations
internal import Retrieval

/// `POST /search`: from a sentence to its stories.
struct SearchController {
  struct SearchBody: Decodable, Sendable {
    let query: String
    let k: WholeNumber?
    let mode: String?
    let collection: String?
    let filter: MetadataFilter?
  }

  let pipeline: RequestPipeline

  func addRoutes(to router: Router<ServerContext>) {
    router.post("search") { request, context in
      try await pipeline.respond(to: request, context, reading: SearchBody.self) { body, models in
        Self.work(try Self.request(body), models)
      }
    }
  }

  /// What can be said of the body without looking at the store.
  static func request(_ body: SearchBody) throws -> SearchRequest {
    try Validation.requireText(body.query, "query")
    if let k = body.k?.value, k < 1 {
      throw ServerError.invalid("k", "too few results are asked for", expected: "at least 1", found: "\(k)")
    }
    let modes = SearchMode.allCases.map(\.rawValue)
    let name = body.mode ?? SearchMode.automatic.rawValue
    guard let mode = SearchMode(rawValue: name) else {
      throw ServerError.invalid(
        "mode", "unknown mode", expected: modes.joined(separator: ", "), found: "\"\(name.excerpt())\"")
    }
    var request = SearchRequest(query: body.query, k: body.k?.value, mode: mode)
    if let collection = body.collection { request.collection = collection }
    request.filter = body.filter
    return request
  }

  static func work(_ request: SearchRequest, _ models: ServedModels) -> Work {
    Work(
      prepare: {
        let plan = try models.engine.plan(request)
        guard plan.mode.needsEmbedding else { return nil }
        let embedder = try models.embedder(matching: plan.fingerprint, collection: request.collection)
        return Work.Texts(embedder: embedder, texts: [request.query], field: { _ in "query" })
      },
      finish: { embedded, turn in
        var response = try models.engine.search(
          request, embedded: embedded.texts.first, threads: turn.threads, cancellation: turn.cancellation)
        // The whole of a request's time, waiting included: what its client sees, but for the network.
        response.timings.tokenize = embedded.tokenizeMilliseconds
        response.timings.embed = embedded.embedMilliseconds
        response.timings.total = (ContinuousClock.now - turn.admitted) / .milliseconds(1)
        return try JSONReply.encode(response)
      })
  }
}
