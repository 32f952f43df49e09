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
    .executableTarget(
      name: "InferenceBenchmark",
      dependencies: [.product(name: "MixerCore", package: "mixer")],
      swiftSettings: strict),
    .executableTarget(
      name: "StoreBenchmark",
      dependencies: [.product(name: "MixerStore", package: "mixer")],
      swiftSettings: strict),
    .executableTarget(
      name: "TrainingBenchmark",
      dependencies: [.product(name: "MixerTraining", package: "mixer")],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
