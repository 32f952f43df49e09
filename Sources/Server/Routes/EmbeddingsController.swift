internal import Foundation
internal import Hummingbird
internal import Operations
internal import Retrieval

/// `POST /v1/embeddings`, in the shape of OpenAI's API.
struct EmbeddingsController {
  struct EmbeddingsBody: Decodable, Sendable {
    let input: TextOrTexts
    /// The served model's name; may be left out.
    let model: String?
    let encodingFormat: String?
    /// Must be the model's width where given: embeddings are not shortened.
    let dimensions: WholeNumber?

    enum CodingKeys: String, CodingKey {
      case input, model, dimensions
      case encodingFormat = "encoding_format"
    }
  }

  /// `"text"` or `["text", …]`.
  enum TextOrTexts: Decodable, Sendable, DescribedField {
    case one(String)
    case many([String])

    static let expectation = "a string or an array of strings"

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .one(text)
      } else if let texts = try? container.decode([String].self) {
        self = .many(texts)
      } else {
        throw DecodingError.typeMismatch(
          Self.self, DecodingError.Context(codingPath: container.codingPath, debugDescription: Self.expectation))
      }
    }

    var texts: [String] {
      switch self {
      case .one(let text): [text]
      case .many(let texts): texts
      }
    }
  }

  let pipeline: RequestPipeline

  func addRoutes(to router: Router<ServerContext>) {
    let limit = pipeline.configuration.maxTexts
    router.post("v1/embeddings") { request, context in
      try await pipeline.respond(to: request, context, reading: EmbeddingsBody.self) { body, models in
        try Self.work(body, models, limit: limit)
      }
    }
  }

  static func work(_ body: EmbeddingsBody, _ models: ServedModels, limit: Int) throws -> Work {
    let texts = body.input.texts
    switch body.input {
    case .one(let text): try Validation.requireText(text, "input")
    case .many: try Validation.requireTexts(texts, "input", limit: limit)
    }
    guard let format = EmbeddingsReply.Format(rawValue: body.encodingFormat ?? "float") else {
      throw ServerError.invalid(
        "encoding_format", "unknown encoding", expected: "float or base64",
        found: "\"\((body.encodingFormat ?? "").excerpt())\"")
    }
    let embedder = try models.requireEmbedder()
    let name = models.embedderName ?? ""
    try ServedModels.check(requested: body.model, served: name)
    if let dimensions = body.dimensions?.value, dimensions != embedder.dimension {
      throw ServerError.invalid(
        "dimensions", "embeddings are not shortened", expected: "\(embedder.dimension)", found: "\(dimensions)")
    }
    let isSingle = if case .one = body.input { true } else { false }
    return Work(
      prepare: {
        Work.Texts(embedder: embedder, texts: texts, field: { isSingle ? "input" : "input[\($0)]" })
      },
      finish: { embedded, _ in
        try EmbeddingsReply(model: name, format: format, texts: embedded.texts).json()
      })
  }
}
