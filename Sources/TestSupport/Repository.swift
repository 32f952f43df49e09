public import Foundation

/// The package's own folders, for tests that read what ships with it.
public enum Repository {
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The path of a file or folder below the package's root.
  public static func path(_ name: String) -> String { root.appendingPathComponent(name).path }
}
