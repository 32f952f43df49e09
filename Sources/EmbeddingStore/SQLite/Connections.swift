internal import GRDB

/// How connections to a store are set up.
enum Connections {
  static func open(_ address: String, readOnly: Bool) throws -> DatabasePool {
    var configuration = configuration
    configuration.readonly = readOnly
    return try DatabasePool(path: address, configuration: configuration)
  }

  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "mixer.store"
    // Only for the short moments in which SQLite itself recovers or merges a log; writers exclude each other by
    // WriterLock.
    configuration.busyMode = .timeout(10)
    configuration.maximumReaderCount = 8
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA cell_size_check = ON;
          PRAGMA trusted_schema = OFF;
          PRAGMA temp_store = MEMORY;
          PRAGMA cache_size = -16384;
          """)
      // Merging the log costs two flushes to the disk: seldom enough that filling a store is not slowed by them.
      if !db.configuration.readonly { try db.execute(sql: "PRAGMA wal_autocheckpoint = 2000") }
    }
    return configuration
  }
}
