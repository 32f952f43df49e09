/// Several texts packed row after row for one training pass: each row's input token and, where there is one, the
/// token it must predict.
///
/// With padding `none` a text of n tokens has n − 1 rows, the last but one of the window: its last token is only a
/// target, and no row is spent on padding. With padding `token` every text has the window's L − 1 rows, pads first;
/// the last pad predicts the first token.
public struct TokenPack: Sendable {
  public private(set) var tokens: [Int32] = []
  /// The next token, or −1 where none is to be predicted.
  public private(set) var targets: [Int32] = []
  public private(set) var segments: [RowSegment] = []

  public init(_ texts: some Sequence<TokenWindow>, _ configuration: MaskedMixerConfiguration) {
    for text in texts { append(text.tokens, configuration) }
  }

  /// The rows that a text of `tokens` tokens needs.
  public static func rows(tokens: Int, _ configuration: MaskedMixerConfiguration) -> Int {
    configuration.padding == .none ? tokens - 1 : configuration.contextLength - 1
  }

  public var rows: Int { tokens.count }
  /// How many tokens are to be predicted.
  public var targetCount: Int { targets.count { $0 >= 0 } }

  private mutating func append(_ text: [Int32], _ configuration: MaskedMixerConfiguration) {
    let length = configuration.contextLength
    let pads = configuration.padding == .none ? 0 : length - text.count
    segments.append(
      RowSegment(start: rows, count: pads + text.count - 1, position: length - text.count - pads))
    tokens += [Int32](repeating: configuration.padTokenID, count: pads) + text.dropLast()
    targets += [Int32](repeating: -1, count: max(0, pads - 1)) + (pads > 0 ? text[...] : text.dropFirst())
  }
}
