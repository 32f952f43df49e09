import HTTPTypes
import Operations
import Testing

@testable import Server

@Suite struct FailureTests {
  struct SomeError: DiagnosedError {
    let diagnosis: Diagnosis
  }

  @Test(arguments: [
    (Diagnosis.Category.badInput, "query", 422), (.notFound, "collection", 404), (.conflict, "collection", 409),
    (.badInput, "/srv/models/config.json", 500), (.notFound, "/srv/models", 500), (.busy, "/srv/a.sqlite", 503),
    (.damaged, "/srv/a.sqlite", 500), (.environment, "/srv/a.sqlite", 500), (.failed, "query", 500),
    (.interrupted, "query", 503),
  ])
  func theCategoryDecidesTheStatus(category: Diagnosis.Category, location: String, status: Int) {
    let error = SomeError(
      diagnosis: Diagnosis(
        category, "something", at: location, expected: "a folder under /srv", hint: "use --store"))
    let failure = HTTPFailure(error)
    #expect(failure.status.code == status)
    if status >= 500 || category == .conflict { #expect(!failure.message.contains("/srv")) }
    #expect(!failure.message.contains("--store"))
    #expect((failure.parameter == nil) == (location.contains("/") || status >= 500))
  }

  @Test func anUnknownErrorTellsNothing() {
    struct Secret: Error { let path = "/srv/secret" }
    let failure = HTTPFailure(Secret())
    #expect(failure.status.code == 500)
    #expect(!failure.message.contains("secret"))
  }
}
