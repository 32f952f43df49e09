internal import Operations

/// A time by which an answer must be there.
enum Deadline {
  /// Runs `body`, and cancels it when it takes longer than `limit`.
  ///
  /// - Throws: ``ServerError`` when the time is up, and what `body` throws.
  static func within<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask(operation: body)
      group.addTask {
        try await Task.sleep(for: limit)
        throw ServerError(.busy, "the answer took too long", expected: "at most \(limit)", kind: .deadline)
      }
      defer { group.cancelAll() }
      guard let value = try await group.next() else { throw CancellationError() }
      return value
    }
  }
}
