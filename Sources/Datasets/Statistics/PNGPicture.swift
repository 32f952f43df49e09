public import Foundation
import Operations

/// Turns drawings into PNG with `rsvg-convert` (Debian's librsvg2-bin), where it is installed: the drawings themselves
/// are written as SVG, and nothing here needs a graphics library.
public enum PNGPicture {
  public static let converter = "rsvg-convert"

  /// Whether the converter is installed.
  public static var isAvailable: Bool { executable() != nil }

  /// Draws a picture, twice as many pixels wide as the drawing has units.
  ///
  /// - Returns: false when there is no converter; nothing is written then.
  /// - Throws: ``DatasetError`` when the converter fails, ``OperationError`` when the disk refuses.
  public static func draw(_ svg: String, to url: URL) throws -> Bool {
    guard let executable = executable() else { return false }
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("mixer-\(UUID().uuidString)")
    let (drawing, picture) = (scratch.appendingPathExtension("svg"), scratch.appendingPathExtension("png"))
    defer { for file in [drawing, picture] { try? FileManager.default.removeItem(at: file) } }
    try AtomicFile.replace(drawing, with: Data(svg.utf8))
    let process = Process()
    process.executableURL = executable
    process.arguments = ["--zoom", "2", "--output", picture.path, drawing.path]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    do {
      try process.run()
    } catch {
      throw failure(url, error.localizedDescription)
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0, let bytes = FileManager.default.contents(atPath: picture.path) else {
      throw failure(url, "exit status \(process.terminationStatus)")
    }
    try AtomicFile.replace(url, with: bytes)
    return true
  }

  private static func executable() -> URL? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    return folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent(converter) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  private static func failure(_ url: URL, _ found: String) -> DatasetError {
    DatasetError(Diagnosis(.environment, "\(converter) cannot draw the picture", at: url.path, found: found.excerpt()))
  }
}
