import Glibc
import Telemetry

/// What the databases of the state directory take on the disk.
struct DatabaseSizes: Sendable {
    /// The state directory.
    let state: String

    private static let files = [
        ("wirebuddy", "wirebuddy.db"), ("history", "history.db"), ("telemetry", "telemetry.db"),
    ]

    /// The sizes of now in bytes, write-ahead logs included; one that is not there is left out.
    var bytes: [(database: String, bytes: Int64)] {
        Self.files.compactMap { name, file in
            guard let size = Self.size("\(state)/\(file)") else { return nil }
            return (name, size + (Self.size("\(state)/\(file)-wal") ?? 0))
        }
    }

    private static func size(_ path: String) -> Int64? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Int64(status.st_size)
    }
}

extension PrometheusText {
    /// Writes what databases take on the disk.
    mutating func add(_ sizes: DatabaseSizes) {
        family("wirebuddy_database_bytes", .gauge, "What a database takes on the disk, its write-ahead log included.") {
            for (database, bytes) in sizes.bytes {
                $0.add(MetricValue(bytes), MetricLabels(["database": database]))
            }
        }
    }
}
