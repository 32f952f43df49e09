internal import Hummingbird
internal import NIOCore

/// What a request carries along: Hummingbird's own, and the connection it came on.
struct ServerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}
