internal import Foundation

/// The learning rate of each step: a linear warm-up to the peak, then a decay to a share of it at the last step.
public struct LearningRateSchedule: Sendable, Equatable, Codable {
  public enum Shape: String, Sendable, Codable, CaseIterable {
    case cosine, linear, constant
  }

  public var shape: Shape
  public var peak: Double
  /// Steps until the peak; the first step already moves.
  public var warmUp: Int
  /// The number of steps in all.
  public var total: Int
  /// The share of the peak that is left at the end.
  public var finalShare: Double

  public init(shape: Shape = .cosine, peak: Double, warmUp: Int = 0, total: Int, finalShare: Double = 0.05) {
    self.shape = shape
    self.peak = peak
    self.warmUp = warmUp
    self.total = total
    self.finalShare = finalShare
  }

  /// The rate of step `number`, from 1.
  public func rate(_ number: Int) -> Double {
    if number <= warmUp { return peak * Double(number) / Double(warmUp) }
    let progress = min(1, Double(number - warmUp) / Double(max(1, total - warmUp)))
    switch shape {
    case .constant: return peak
    case .linear: return peak * (1 - (1 - finalShare) * progress)
    case .cosine: return peak * (finalShare + (1 - finalShare) * 0.5 * (1 + cos(.pi * progress)))
    }
  }
}
