extension String {
  /// Whether this text's UTF-8 bytes come before the other's: the order of ids everywhere in this package, the same as
  /// SQLite's and independent of Unicode's equivalences, by which Swift's own `<` compares.
  public func precedesByBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
