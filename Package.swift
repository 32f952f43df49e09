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
    .library(name: "MixerKit", targets: ["Retrieval", "Server", "Training", "Datasets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
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
    .target(name: "CSentencePiece", linkerSettings: [.linkedLibrary("sentencepiece"), .linkedLibrary("sentencepiece_train")]),
    .target(name: "Tokenization", dependencies: ["CSentencePiece", "Operations"], swiftSettings: strict),
    .target(name: "Mixers", dependencies: ["Tensors", "Checkpoints", "Operations"], swiftSettings: strict),

    // Stories on disk and in the store.
    .target(
      name: "Datasets",
      dependencies: ["Operations", "Tokenization", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .target(
      name: "EmbeddingStore",
      dependencies: [
        "CKernels", "Operations",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: strict),

    // From a summary to its stories, and how well.
    .target(
      name: "Retrieval",
      dependencies: ["Mixers", "Checkpoints", "Tensors", "Tokenization", "Datasets", "EmbeddingStore", "Operations"],
      swiftSettings: strict),
    .target(
      name: "Training",
      dependencies: ["Mixers", "Checkpoints", "Tensors", "Tokenization", "Datasets", "Operations"],
      swiftSettings: strict),

    // What people touch.
    .target(
      name: "Server",
      dependencies: [
        "Retrieval", "Operations",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "mixer",
      dependencies: [
        "Retrieval", "Training", "Server", "Datasets", "EmbeddingStore", "Mixers", "Checkpoints", "Tokenization", "Operations",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
