import Operations
import Testing

@testable import Server

@Suite struct ServerConfigurationTests {
  @Test func optionsWinOverTheEnvironment() throws {
    let configuration = try ServerConfiguration(
      options: ["store": "a.sqlite", "port": "9000", "max-queue": nil],
      environment: ["MIXER_STORE": "b.sqlite", "MIXER_PORT": "9001", "MIXER_MAX_QUEUE": "7", "MIXER_DEADLINE": "2.5"])
    #expect(configuration.store == "a.sqlite")
    #expect(configuration.port == 9000)
    #expect(configuration.maxQueue == 7)
    #expect(configuration.deadline == 2.5)
    #expect(configuration.maxBodyBytes == 2 << 20)
  }

  @Test func anEmptyVariableCountsAsNotGiven() throws {
    let configuration = try ServerConfiguration(options: ["store": "a"], environment: ["MIXER_PORT": ""])
    #expect(configuration.port == 8080)
  }

  @Test(arguments: [
    ("MIXER_PORT", "70000"), ("MIXER_PORT", "eighty"), ("MIXER_THREADS", "0"), ("MIXER_DEADLINE", "nan"),
    ("MIXER_DEADLINE", "-1"), ("MIXER_MAX_QUEUE", "1e3"), ("MIXER_MAX_BODY_BYTES", "5"),
  ])
  func aValueThatCannotBeUsedIsNamed(variable: String, value: String) throws {
    do {
      _ = try ServerConfiguration(options: ["store": "a"], environment: [variable: value])
      Issue.record("\(variable)=\(value) was taken")
    } catch let error as ServerError {
      #expect(error.diagnosis.location == variable)
      #expect(error.diagnosis.category == .badInput)
    }
  }

  @Test func theStoreMustBeNamed() {
    #expect(throws: ServerError.self) { try ServerConfiguration(options: [:], environment: [:]) }
  }
}
