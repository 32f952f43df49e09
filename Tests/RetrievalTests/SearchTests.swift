import EmbeddingStore
import Mixers
import Operations
import Testing

@testable import Retrieval

@Suite("Search")
struct SearchTests {
  let fixture: SearchFixture
  let question = "A boy helps a bird build its nest in a tree."

  init() throws { fixture = try SearchFixture() }

  @Test func fullTextFindsTheStoryWhoseWordsAreAsked() throws {
    let (id, text) = try #require(fixture.stories.min { $0.key < $1.key })
    let words = text.split(separator: " ").prefix(40).joined(separator: " ")
    let response = try fixture.engine.search(SearchRequest(query: words, k: 3, mode: .bm25))
    #expect(response.results.first?.id == id)
    #expect(response.results.first?.text == text)
    #expect(response.results.map(\.rank) == Array(1...response.results.count))
  }

  @Test func cosineEqualsThePlainComputation() throws {
    let response = try fixture.engine.search(SearchRequest(query: question, k: 40, mode: .cosine))
    let query = try fixture.embedder.embed([question])[0].embedding
    func cosine(_ other: [Float]) -> Double {
      func length(_ vector: [Float]) -> Double { vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
      return zip(query, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / (length(query) * length(other))
    }
    let ids = fixture.stories.keys.sorted()
    let embeddings = try fixture.embedder.embed(ids.map { fixture.stories[$0] ?? "" })
    let expected = zip(ids, embeddings.map { cosine($0.embedding) }).sorted { $0.1 > $1.1 }
    #expect(response.results.map(\.id) == expected.map(\.0))
    for (result, plain) in zip(response.results, expected) { #expect(abs(result.score - plain.1) < 1e-5) }
  }

  @Test func tournamentReadsEveryDocument() throws {
    let response = try fixture.engine.search(SearchRequest(query: question, k: 40, mode: .tournament))
    #expect(Set(response.results.map(\.id)) == Set(fixture.stories.keys))
  }

  @Test func twoStageRanksTheFirstStagesProposalsByOneContext() throws {
    let search = try fixture.engine.collection("default")
    let embedding = try fixture.embedder.embed([question])[0].embedding
    let query = SearchQuery(text: question, embedding: embedding)
    let proposed = try search.firstStage(.hybrid, nil).candidates(for: query, limit: 20)
    let ranked = try search.rank(query, mode: .twoStage, limit: 20).documents
    let capacity = 7
    #expect(Set(ranked.prefix(capacity).map(\.id)) == Set(proposed.prefix(capacity).map(\.id)))
    #expect(ranked.dropFirst(capacity).map(\.id) == proposed.dropFirst(capacity).map(\.id))

    let vectors = try fixture.store.vectors(of: "default")
    let head = proposed.prefix(capacity).compactMap { vectors.index(of: $0.id) }.sorted()
    let scores = try ContextScorer(try search.retriever()).score(query: embedding, groups: [head[...]], of: vectors)[0]
    let expected = zip(head, scores).sorted { $0.1 > $1.1 }.map { vectors.id(at: $0.0) }
    #expect(ranked.prefix(capacity).map(\.id) == expected)
  }

  @Test func hybridFusesFullTextAndCosine() throws {
    let search = try fixture.engine.collection("default")
    let query = SearchQuery(text: question, embedding: try fixture.embedder.embed([question])[0].embedding)
    let lists = try [SearchMode.bm25, .cosine].map { try search.rank(query, mode: $0, limit: 40).documents }
    let fused = ReciprocalRankFusion().fuse(lists).map(\.id)
    #expect(try search.rank(query, mode: .hybrid, limit: 40).documents.map(\.id) == fused)
  }

  @Test(arguments: [SearchMode.bm25, .cosine, .tournament, .twoStage, .hybrid])
  func aFilterHoldsInEveryMode(mode: SearchMode) throws {
    let filter = MetadataFilter(["parity": .string("odd")])
    let response = try fixture.engine.search(SearchRequest(query: question, k: 20, mode: mode, filter: filter))
    #expect(!response.results.isEmpty)
    for result in response.results { #expect(result.metadata == .object(["parity": .string("odd")])) }
  }

  @Test(arguments: SearchMode.allCases.filter { $0 != .projection })
  func theSameQuestionHasTheSameAnswer(mode: SearchMode) throws {
    let request = SearchRequest(query: question, k: 15, mode: mode)
    let (first, second) = (try fixture.engine.search(request), try fixture.engine.search(request))
    #expect(first.results == second.results)
  }

  @Test func anEmbeddingOfABatchGivesTheSameAnswer() throws {
    let request = SearchRequest(query: question, k: 10, mode: .cosine)
    let batch = try fixture.embedder.embed(["Something else.", question, "A long walk to the sea with a dog."])
    let batched = try fixture.engine.search(request, embedded: batch[1])
    let single = try fixture.engine.search(request)
    #expect(batched.results.map(\.id) == single.results.map(\.id))
  }

  @Test func automaticIsFullTextWithoutARecordForThisModel() throws {
    #expect(try fixture.engine.search(SearchRequest(query: question)).mode == "bm25")
  }

  @Test func automaticIsTheRecordedWinnerForThisModel() throws {
    let recorded = try SearchFixture(stories: 12) { configuration, fingerprint in
      configuration.maskedMixerFingerprint = fingerprint
      configuration.automaticMode = .init(mode: "hybrid", split: "dev", accuracy: ["hybrid": 1])
    }
    #expect(try recorded.engine.search(SearchRequest(query: question)).mode == "hybrid")
  }

  @Test func aRetrieverOfAnotherModelIsRefused() throws {
    let other = try SearchFixture(stories: 12) { configuration, _ in
      configuration.maskedMixerFingerprint = String(repeating: "0", count: 64)
    }
    #expect(throws: RetrievalError.self) {
      try other.engine.search(SearchRequest(query: question, mode: .tournament))
    }
    #expect(try other.engine.search(SearchRequest(query: question, mode: .cosine)).results.count == 10)
  }

  @Test(arguments: ["", " ", "\n\t  "])
  func anEmptyQuestionIsRefused(text: String) {
    #expect(throws: RetrievalError.self) { try fixture.engine.search(SearchRequest(query: text, mode: .bm25)) }
  }

  @Test(arguments: [0, -1, 41])
  func aCountOutsideTheCollectionIsRefused(count: Int) {
    #expect(throws: RetrievalError.self) {
      try fixture.engine.search(SearchRequest(query: question, k: count, mode: .bm25))
    }
  }

  @Test func theDefaultCountFitsASmallCollection() throws {
    let small = try SearchFixture(stories: 3)
    #expect(try small.engine.search(SearchRequest(query: question, mode: .cosine)).results.count == 3)
  }

  @Test func anUnknownCollectionNamesTheOnesThereAre() throws {
    let error = #expect(throws: RetrievalError.self) {
      try fixture.engine.search(SearchRequest(query: question, collection: "fables"))
    }
    #expect(error?.diagnosis.category == .notFound)
    #expect(error?.diagnosis.expected == "default")
  }

  @Test func projectionWithoutOneSaysSo() throws {
    let error = #expect(throws: RetrievalError.self) {
      try fixture.engine.search(SearchRequest(query: question, mode: .projection))
    }
    #expect(error?.diagnosis.hint?.contains("cosine") == true)
  }

  @Test func anUnknownModeNamesTheModesThereAre() {
    let error = #expect(throws: RetrievalError.self) { try SearchMode(named: "fuzzy") }
    #expect(error?.diagnosis.expected?.contains("two-stage") == true)
  }

  @Test func aStoreOfAnotherModelIsRefused() throws {
    let other = try TinyModelsOfAnotherSeed()
    let engine = SearchEngine(store: fixture.store, models: other.models)
    let error = #expect(throws: RetrievalError.self) {
      try engine.search(SearchRequest(query: question, mode: .cosine))
    }
    #expect(error?.diagnosis.category == .conflict)
  }
}
