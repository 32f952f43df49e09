internal import GRDB
internal import Operations

/// A row of the table `collection`, under its checksum.
struct CollectionRow {
  let number: Int64
  let name: String
  let fingerprint: String
  let layout: PageLayout
  let precision: String
  /// How many there are.
  var documents: Int
  /// Slots handed out so far, free ones among them: the next new one.
  var slots: Int
  /// Grows with every transaction that changes the collection.
  var change: Int

  var info: CollectionInfo {
    CollectionInfo(
      name: name, fingerprint: fingerprint, dimension: layout.dimension, precision: precision, documents: documents,
      change: change)
  }

  private static let columns =
    "number, name, fingerprint, dimension, precision, rows_per_page, documents, slots, change, checksum"

  static func fetchAll(_ db: Database, _ path: String) throws -> [CollectionRow] {
    try Row.fetchAll(db, sql: "SELECT \(columns) FROM collection ORDER BY name").map { try CollectionRow($0, path) }
  }

  static func fetchOne(_ db: Database, name: String, _ path: String) throws -> CollectionRow? {
    let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM collection WHERE name = ?")
    return try Row.fetchOne(statement, arguments: [name]).map { try CollectionRow($0, path) }
  }

  /// - Throws: ``StoreError`` of category `notFound`.
  static func require(_ db: Database, name: String, _ path: String) throws -> CollectionRow {
    if let row = try fetchOne(db, name: name, path) { return row }
    throw StoreError.noCollection(name, among: try fetchAll(db, path).map(\.name))
  }

  private init(_ row: Row, _ path: String) throws {
    number = try row.integer(0)
    name = try row.text(1)
    fingerprint = try row.text(2)
    let dimension = try row.integer(3)
    precision = try row.text(4)
    let rowsPerPage = try row.integer(5)
    documents = Int(try row.integer(6))
    slots = Int(try row.integer(7))
    change = Int(try row.integer(8))
    layout = PageLayout(dimension: Int(dimension), rowsPerPage: Int(rowsPerPage))
    guard try row.integer(9) == Int64(checksum) else {
      throw StoreError.damaged("the properties of the collection \"\(name.excerpt())\" are damaged", at: path)
    }
  }

  init(
    number: Int64, name: String, fingerprint: String, dimension: Int, precision: String
  ) {
    self.number = number
    self.name = name
    self.fingerprint = fingerprint
    self.precision = precision
    layout = .forNewCollection(dimension: dimension)
    (documents, slots, change) = (0, 0, 1)
  }

  private var checksum: UInt32 {
    var checksum = Checksum()
    for text in [name, fingerprint, precision] { checksum.add(text) }
    for integer in [layout.dimension, layout.rowsPerPage, documents, slots, change] { checksum.add(Int64(integer)) }
    checksum.add(number)
    return checksum.value
  }

  func insert(_ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO collection (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        number, name, fingerprint, layout.dimension, precision, layout.rowsPerPage, documents, slots, change,
        Int64(checksum),
      ])
  }

  /// Writes what changes: the counts.
  func update(_ db: Database) throws {
    try db.execute(
      sql: "UPDATE collection SET documents = ?, slots = ?, change = ?, checksum = ? WHERE number = ?",
      arguments: [documents, slots, change, Int64(checksum), number])
  }
}
