internal import Foundation
internal import Hummingbird

/// `GET /health/live`: the process runs. `GET /health/ready`: it can answer.
struct HealthController {
  struct Health: Encodable {
    let status: String
  }

  let state: ServerState

  func addRoutes(to router: Router<ServerContext>) {
    router.get("health/live") { _, _ in
      JSONReply.response(try JSONReply.encode(Health(status: "live")))
    }
    router.get("health/ready") { _, _ in
      _ = try state.models()
      return JSONReply.response(try JSONReply.encode(Health(status: "ready")))
    }
  }
}
