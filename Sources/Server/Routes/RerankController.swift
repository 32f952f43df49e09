internal import Foundation
internal import Hummingbird
internal import Mixers
internal import Operations
internal import Retrieval

/// `POST /rerank` (the shape of text-embeddings-inference) and `POST /v1/rerank` (Cohere's and Jina's): orders given
/// texts by how well they answer a query. What a score means: ``FallingScores``.
struct RerankController {
  struct RerankBody: Decodable, Sendable {
    let query: String
    let texts: [String]
    let rawScores: Bool?
    let returnText: Bool?
    /// false makes a text that is longer than the model's context an error; otherwise its beginning is read.
    let truncate: Bool?

    enum CodingKeys: String, CodingKey {
      case query, texts, truncate
      case rawScores = "raw_scores"
      case returnText = "return_text"
    }
  }

  struct RankedText: Encodable {
    let index: Int
    let score: Double
    let text: String?
  }

  struct DocumentsBody: Decodable, Sendable {
    let model: String?
    let query: String
    let documents: [TextOrDocument]
    let topN: WholeNumber?
    let returnDocuments: Bool?

    enum CodingKeys: String, CodingKey {
      case model, query, documents
      case topN = "top_n"
      case returnDocuments = "return_documents"
    }
  }

  /// `"text"` or `{"text": "text"}`.
  struct TextOrDocument: Codable, Sendable, DescribedField {
    let text: String

    static let expectation = #"a string or {"text": string}"#
    enum CodingKeys: String, CodingKey { case text }

    init(text: String) { self.text = text }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        self.text = text
      } else if let text = try? decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .text) {
        self.text = text
      } else {
        throw DecodingError.typeMismatch(
          Self.self, DecodingError.Context(codingPath: decoder.codingPath, debugDescription: Self.expectation))
      }
    }
  }

  struct DocumentsReply: Encodable {
    struct RankedDocument: Encodable {
      let index: Int
      let score: Double
      let document: TextOrDocument?

      enum CodingKeys: String, CodingKey {
        case index, document
        case score = "relevance_score"
      }
    }

    struct Usage: Encodable {
      let totalTokens: Int
      enum CodingKeys: String, CodingKey { case totalTokens = "total_tokens" }
    }

    let model: String?
    let results: [RankedDocument]
    let usage: Usage
  }

  let pipeline: RequestPipeline

  func addRoutes(to router: Router<ServerContext>) {
    let limit = pipeline.configuration.maxTexts
    router.post("rerank") { request, context in
      try await pipeline.respond(to: request, context, reading: RerankBody.self) { body, models in
        try Self.work(body, models, limit: limit)
      }
    }
    router.post("v1/rerank") { request, context in
      try await pipeline.respond(to: request, context, reading: DocumentsBody.self) { body, models in
        try Self.work(body, models, limit: limit)
      }
    }
  }

  static func work(_ body: RerankBody, _ models: ServedModels, limit: Int) throws -> Work {
    try Validation.requireTexts(body.texts, "texts", limit: limit)
    return try work(query: body.query, texts: body.texts, "texts", k: nil, models) { embedded, ranking in
      if body.truncate == false, let index = embedded.firstIndex(where: { $0.isTruncated }) {
        throw ServerError.invalid(
          index == 0 ? "query" : "texts[\(index - 1)]", "the text is longer than the model's context",
          expected: "at most \(embedded[index].tokenCount) tokens")
      }
      let scores = body.rawScores == true ? FallingScores.raw(ranking) : FallingScores.probabilities(ranking)
      return try JSONReply.encode(
        zip(ranking, scores).map { result, score in
          RankedText(
            index: result.index, score: score, text: body.returnText == true ? body.texts[result.index] : nil)
        })
    }
  }

  static func work(_ body: DocumentsBody, _ models: ServedModels, limit: Int) throws -> Work {
    let texts = body.documents.map(\.text)
    try Validation.requireTexts(texts, "documents", limit: limit)
    let topN = body.topN?.value
    if let topN, topN < 1 {
      throw ServerError.invalid("top_n", "top_n is too small", expected: "at least 1", found: "\(topN)")
    }
    try ServedModels.check(requested: body.model, served: models.retrieverName)
    return try work(query: body.query, texts: texts, "documents", k: topN, models) { embedded, ranking in
      let scored = zip(ranking, FallingScores.probabilities(ranking)).prefix(topN ?? texts.count)
      return try JSONReply.encode(
        DocumentsReply(
          model: models.retrieverName,
          results: scored.map { result, score in
            DocumentsReply.RankedDocument(
              index: result.index, score: score,
              document: body.returnDocuments == true ? TextOrDocument(text: texts[result.index]) : nil)
          },
          usage: DocumentsReply.Usage(totalTokens: embedded.reduce(0) { $0 + $1.tokenCount })))
    }
  }

  /// Embeds the query and the texts, ranks them, and lets `answer` write what came out.
  private static func work(
    query: String, texts: [String], _ field: String, k: Int?, _ models: ServedModels,
    answer: @escaping @Sendable (_ embedded: [EmbeddedText], _ ranking: [Reranker.Result]) throws -> Data
  ) throws -> Work {
    try Validation.requireText(query, "query")
    let embedder = try models.requireEmbedder()
    let retriever = try models.requireRetriever()
    return Work(
      prepare: {
        Work.Texts(embedder: embedder, texts: [query] + texts) { $0 == 0 ? "query" : "\(field)[\($0 - 1)]" }
      },
      finish: { embedded, turn in
        let reranker = Reranker(embedder: embedder, scorer: ContextScorer(retriever, threads: turn.threads))
        let ranking = try reranker.rerank(
          query: embedded.texts[0], texts: Array(embedded.texts.dropFirst()), k: k, cancellation: turn.cancellation)
        return try answer(embedded.texts, ranking)
      })
  }
}
