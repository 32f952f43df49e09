internal import NIOCore
internal import NIOHTTPTypes
internal import Synchronization

/// Notices clients that go away, so that their requests are not computed for nobody.
///
/// A connection counts as closed as soon as its client ends its own direction of it: browsers, curl and HTTP
/// libraries all close a connection that way when they give up.
final class Connections: Sendable {
  private let open = Mutex<[ObjectIdentifier: Connection]>([:])

  subscript(channel: any Channel) -> Connection? { open.withLock { $0[ObjectIdentifier(channel)] } }

  /// The handler that watches one connection; a new one for each.
  func makeHandler() -> DisconnectHandler { DisconnectHandler(self) }

  fileprivate func add(_ channel: any Channel) { open.withLock { $0[ObjectIdentifier(channel)] = Connection() } }

  fileprivate func close(_ channel: any Channel) { self[channel]?.close() }

  fileprivate func remove(_ channel: any Channel) {
    open.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }?.close()
  }
}

/// One client's connection. It serves one request at a time.
final class Connection: Sendable {
  private let state = Mutex<(isClosed: Bool, onClose: (@Sendable () -> Void)?)>((false, nil))

  /// Runs `body`; calls `onClose` when the client goes away meanwhile, or has gone before.
  func watching<Value>(
    onClose: @escaping @Sendable () -> Void, _ body: () async throws -> Value
  ) async rethrows -> Value {
    let wasClosed = state.withLock { state in
      if !state.isClosed { state.onClose = onClose }
      return state.isClosed
    }
    if wasClosed { onClose() }
    defer { state.withLock { $0.onClose = nil } }
    return try await body()
  }

  func close() {
    let onClose = state.withLock { state in
      state.isClosed = true
      defer { state.onClose = nil }
      return state.onClose
    }
    onClose?()
  }
}

/// Runs on a connection's event loop.
final class DisconnectHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  private let connections: Connections

  fileprivate init(_ connections: Connections) { self.connections = connections }

  func handlerAdded(context: ChannelHandlerContext) { connections.add(context.channel) }

  func handlerRemoved(context: ChannelHandlerContext) { connections.remove(context.channel) }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed? = event as? ChannelEvent { connections.close(context.channel) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    connections.remove(context.channel)
    context.fireChannelInactive()
  }
}
