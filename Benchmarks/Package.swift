// swift-tools-version: 6.1
import PackageDescription

// Apart from the package itself, so that nobody who only uses it builds these.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "mixer", path: "..")],
  targets: [
    // What the benchmarks share: arguments, clocks, the machine's peak.
    .target(
      name: "BenchmarkSupport",
      dependencies: [.product(name: "MixerCore", package: "mixer")],
      swiftSettings: strict),
    .executableTarget(
      name: "InferenceBenchmark",
      dependencies: ["BenchmarkSupport", .product(name: "MixerCore", package: "mixer")],
      swiftSettings: strict),
    .executableTarget(
      name: "StoreBenchmark",
      dependencies: ["BenchmarkSupport", .product(name: "MixerStore", package: "mixer")],
      swiftSettings: strict),
    .executableTarget(
      name: "TrainingBenchmark",
      dependencies: ["BenchmarkSupport", .product(name: "MixerTraining", package: "mixer")],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
