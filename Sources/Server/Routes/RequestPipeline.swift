internal import Foundation
internal import Hummingbird

/// The way of every request that is computed: body → validation → admission → compute threads → answer.
struct RequestPipeline: Sendable {
  let state: ServerState
  let queue: InferenceQueue
  let connections: Connections
  let configuration: ServerConfiguration

  /// Answers a request whose body is a `Body`.
  ///
  /// - Parameter work: checks the body's values and says what to compute.
  /// - Throws: whatever goes wrong on the way, for ``HTTPFailure`` to translate.
  func respond<Body: Decodable & Sendable>(
    to request: Request, _ context: ServerContext, reading: Body.Type,
    work: @escaping @Sendable (Body, ServedModels) throws -> Work
  ) async throws -> Response {
    try await respond(context) { models in
      try work(try await JSONBody.read(Body.self, from: request, limit: configuration.maxBodyBytes), models)
    }
  }

  /// Answers a request without a body.
  func respond(
    _ context: ServerContext, work: @escaping @Sendable (ServedModels) async throws -> Work
  ) async throws -> Response {
    let models = try state.models()
    let connection = connections[context.channel]
    let body = try await Deadline.within(.seconds(configuration.deadline)) {
      try await queue.run(try await work(models), for: connection)
    }
    return JSONReply.response(body)
  }
}
