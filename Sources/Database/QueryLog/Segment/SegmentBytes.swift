import FoundationEssentials
import Model

/// A segment as the database keeps it, in four parts, so that a search reads no more than it needs.
struct SegmentBytes: Sendable {
    var askers: Data
    var names: Data
    var details: Data
    var columns: Data

    init(askers: Data, names: Data, details: Data, columns: Data) {
        self.askers = askers
        self.names = names
        self.details = details
        self.columns = columns
    }

    init(_ segment: QuerySegment) {
        var askers = ByteWriter()
        for asker in segment.askers.entries {
            askers.put(optional: asker?.client.text)
            guard let bytes = asker?.address.bytes else { continue }
            askers.put(UInt64(bytes.count))
            askers.put(raw: bytes)
        }
        var names = ByteWriter()
        for name in segment.names.entries { names.put(name.text) }
        var details = ByteWriter()
        details.put(UInt64(segment.causes.entries.count))
        for cause in segment.causes.entries {
            details.put(optional: cause?.rule?.text)
            details.put(optional: cause?.source?.text)
            details.put(optional: cause?.list?.text)
        }
        for upstream in segment.upstreams.entries { details.put(optional: upstream?.text) }
        var columns = ByteWriter()
        for column in segment.columns { columns.put(column: column) }
        self.init(
            askers: Data(askers.bytes), names: Data(names.bytes), details: Data(details.bytes),
            columns: Data(columns.bytes))
    }

    func segment(hour: Int64, rows: Int) throws(DamagedHistory) -> QuerySegment {
        var reader = ByteReader(names)
        var names: [HashedText] = []
        while !reader.isAtEnd { names.append(HashedText(try reader.text())) }
        reader = ByteReader(details)
        let causeCount = try reader.count()
        var causes: [LoggedQuery.Cause?] = []
        for _ in 0..<causeCount {
            let rule = try reader.optionalText().map { HashedText($0) }
            let source = try reader.optionalText().map { HashedText($0) }
            let list = try reader.optionalText().map { HashedText($0) }
            causes.append(LoggedQuery.Cause(rule: rule, source: source, list: list))
        }
        var upstreams: [HashedText?] = []
        while !reader.isAtEnd { upstreams.append(try reader.optionalText().map { HashedText($0) }) }
        reader = ByteReader(columns)
        var columns: [[UInt32]] = []
        for _ in QuerySegment.Column.allCases { columns.append(try reader.column(rows: rows)) }
        return try QuerySegment(
            hour: hour, names: names, askers: try Self.askers(askers), causes: causes, upstreams: upstreams,
            columns: columns)
    }

    static func askers(_ bytes: Data) throws(DamagedHistory) -> [LoggedQuery.Asker?] {
        var reader = ByteReader(bytes)
        var askers: [LoggedQuery.Asker?] = []
        while !reader.isAtEnd {
            guard let client = try reader.optionalText() else {
                askers.append(nil)
                continue
            }
            guard let address = IPAddress(bytes: try reader.raw(try reader.count())) else { throw DamagedHistory() }
            askers.append(LoggedQuery.Asker(client: HashedText(client), address: address))
        }
        return askers
    }

    /// Some of the columns of a segment, by ``QuerySegment/Column``; the others are empty.
    static func columns(_ wanted: Set<QuerySegment.Column>, of bytes: Data, rows: Int) throws(DamagedHistory)
        -> [[UInt32]]
    {
        var reader = ByteReader(bytes)
        var columns: [[UInt32]] = []
        for column in QuerySegment.Column.allCases {
            if wanted.contains(column) {
                columns.append(try reader.column(rows: rows))
            } else {
                try reader.skipColumn(rows: rows)
                columns.append([])
            }
        }
        return columns
    }
}
