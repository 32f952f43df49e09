// swift-tools-version: 6.1
import PackageDescription

// The modules in the order in which a text passes through them; a module may use those above it, never below.
// ARCHITECTURE.md draws the same picture.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "mixer",
  products: [
    .executable(name: "mixer", targets: ["mixer"]),
    // Parts without the server and its dependencies, for Benchmarks/.
    .library(name: "MixerCore", targets: ["Mixers", "Checkpoints", "Tensors", "Tokenization", "Operations"]),
    .library(name: "MixerStore", targets: ["EmbeddingStore", "Operations"]),
    .library(
      name: "MixerTraining", targets: ["Training", "Datasets", "Mixers", "Tensors", "Tokenization", "Operations"]),
    .library(name: "MixerKit", targets: ["Retrieval", "Server", "Training", "Datasets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    // Used by Hummingbird anyway; named because the server touches their types.
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Shared by everything: errors, progress, interruption, atomic files, seeded random numbers.
    .target(name: "Operations", swiftSettings: strict),

    // Numbers.
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CKernels"),
    .target(name: "Tensors", dependencies: ["COpenBLAS", "CKernels", "Operations"], swiftSettings: strict),
    .target(
      name: "Checkpoints",
      dependencies: ["Tensors", "Operations", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),

    // Text to tokens to hidden states.
    .target(
      name: "CSentencePiece", linkerSettings: [.linkedLibrary("sentencepiece"), .linkedLibrary("sentencepiece_train")]),
    .target(name: "Tokenization", dependencies: ["CSentencePiece", "Operations"], swiftSettings: strict),
    .target(name: "Mixers", dependencies: ["Tensors", "Checkpoints", "Operations"], swiftSettings: strict),

    // Stories on disk and in the store.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(
      name: "Datasets",
      dependencies: ["CCurl", "Operations", "Tokenization", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .target(
      name: "EmbeddingStore",
      dependencies: [
        "CKernels", "Operations",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),

    // From a summary to its stories, and how well.
    .target(
      name: "Retrieval",
      dependencies: ["Mixers", "Checkpoints", "Tensors", "Tokenization", "Datasets", "EmbeddingStore", "Operations"],
      swiftSettings: strict),
    .target(
      name: "Training",
      dependencies: [
        "Mixers", "Checkpoints", "Tensors", "Tokenization", "Datasets", "Operations",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),

    // What people touch.
    .target(
      name: "Server",
      dependencies: [
        "Retrieval", "EmbeddingStore", "Mixers", "Tensors", "Operations",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "mixer",
      dependencies: [
        "Retrieval", "Training", "Server", "Datasets", "EmbeddingStore", "Mixers", "Checkpoints", "Tensors",
        "Tokenization",
        "Operations",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    // Tests: one folder a target.
    .target(
      name: "TestSupport", dependencies: ["Mixers", "Checkpoints", "Tensors", "Operations"], swiftSettings: strict),
    .testTarget(name: "OperationsTests", dependencies: ["Operations"], swiftSettings: strict),
    // The built binary as a child process: exit codes, output, memory. Depends on the executable so that it is built.
    .testTarget(name: "CommandLineTests", dependencies: ["mixer", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels", "Operations"], swiftSettings: strict),
    .testTarget(
      name: "CheckpointsTests",
      dependencies: ["Checkpoints", "Tensors", "Operations", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .testTarget(name: "TokenizationTests", dependencies: ["Tokenization", "Operations"], swiftSettings: strict),
    .testTarget(
      name: "MixersTests", dependencies: ["Mixers", "Checkpoints", "Tensors", "Tokenization", "Operations"],
      swiftSettings: strict),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "Tokenization", "Operations"], swiftSettings: strict),
    .testTarget(
      name: "EmbeddingStoreTests",
      dependencies: ["EmbeddingStore", "CKernels", "Operations", .product(name: "GRDB", package: "GRDB.swift")],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "RetrievalTests",
      dependencies: [
        "Retrieval", "TestSupport", "Mixers", "Checkpoints", "Tensors", "Tokenization", "Datasets", "EmbeddingStore",
        "Operations",
      ], swiftSettings: strict),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "CKernels", "Mixers", "Checkpoints", "Tensors", "Tokenization", "Datasets", "Operations",
      ], swiftSettings: strict),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "Server", "Retrieval", "EmbeddingStore", "Checkpoints", "TestSupport", "Operations",
        .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
