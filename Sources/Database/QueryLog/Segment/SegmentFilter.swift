import FoundationEssentials
import Model

/// A ``QueryLogFilter`` made ready to be held against segments.
struct SegmentFilter {
    private let filter: QueryLogFilter
    /// The name's bytes; nil: every name fits.
    private let domain: [UInt8]?
    private let address: IPAddress?
    private let client: String?

    init(_ filter: QueryLogFilter) {
        self.filter = filter
        let domain = filter.domain.map { name in
            name.lowercased().utf8.last == UInt8(ascii: ".") ? name.lowercased().dropLast() : name.lowercased()[...]
        }
        // The root, and with it all names below it.
        self.domain = domain.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        address = filter.client.flatMap { IPAddress($0) }
        client = filter.client
    }

    /// The rows of a segment that fit.
    enum Match {
        case none
        case all
        /// Indices in growing order.
        case some([Int])

        func count(of rows: Int) -> Int {
            switch self {
            case .none: 0
            case .all: rows
            case .some(let indices): indices.count
            }
        }
    }

    /// What of a segment fits. `part` reads one of its parts, and is asked for as little as possible.
    func match(_ head: SegmentTable.Head, part: (String) throws -> Data) throws -> Match {
        let (start, end) = (head.hour * 3600, head.hour * 3600 + 3600)
        if let from = filter.from, from.seconds >= end { return .none }
        if let to = filter.to, to.seconds <= start { return .none }
        switch filter.status {
        case .allowed where head.blocked == head.rows: return .none
        case .blocked where head.blocked == 0: return .none
        default: break
        }
        var tests: [QuerySegment.Column: [Bool]] = [:]
        if filter.client != nil || filter.visibleClients != nil {
            let fits = try SegmentBytes.askers(try part("askers")).map(fits)
            guard fits.contains(true) else { return .none }
            if fits.contains(false) { tests[.asker] = fits }
        }
        if let domain {
            var reader = ByteReader(try part("names"))
            var fits: [Bool] = []
            while !reader.isAtEnd { fits.append(Self.isAt(try reader.raw(try reader.count()), orBelow: domain)) }
            guard fits.contains(true) else { return .none }
            if fits.contains(false) { tests[.name] = fits }
        }
        if let status = filter.status, head.blocked > 0, head.blocked < head.rows {
            tests[.outcome] = (0..<256).map { Outcome(code: $0)?.status == status }
        }
        let seconds = max((filter.from?.seconds ?? start) - start, 0)..<min((filter.to?.seconds ?? end) - start, 3600)
        let rows = head.rows(before: filter.before)
        if tests.isEmpty, seconds == 0..<3600, rows == head.rows { return .all }
        return .some(try indices(0..<rows, tests, seconds, of: head, try part("columns")))
    }

    private func indices(
        _ rows: Range<Int>, _ tests: [QuerySegment.Column: [Bool]], _ seconds: Range<Int64>, of head: SegmentTable.Head,
        _ bytes: Data
    ) throws -> [Int] {
        var wanted = Set(tests.keys)
        if seconds != 0..<3600 { wanted.insert(.second) }
        let columns = try SegmentBytes.columns(wanted, of: bytes, rows: head.rows)
        var found = Array(rows)
        for (column, fits) in tests {
            let codes = columns[column.rawValue]
            try found.removeAll { index in
                guard codes[index] < fits.count else { throw DamagedHistory() }
                return !fits[Int(codes[index])]
            }
        }
        if wanted.contains(.second) {
            let times = columns[QuerySegment.Column.second.rawValue]
            found.removeAll { !seconds.contains(Int64(times[$0])) }
        }
        return found
    }

    private func fits(_ asker: LoggedQuery.Asker?) -> Bool {
        guard let asker else { return false }
        if let visible = filter.visibleClients, !visible.contains(asker.client.text) { return false }
        guard let client else { return true }
        if let address { return asker.address == address }
        if client.utf8.elementsEqual(asker.client.text.utf8) { return true }
        // A name without its interface.
        guard let slash = asker.client.text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return false }
        return asker.client.text.utf8[slash...].dropFirst().elementsEqual(client.utf8)
    }

    private static func isAt(_ name: ArraySlice<UInt8>, orBelow domain: [UInt8]) -> Bool {
        guard name.count >= domain.count, name.last == domain.last else { return false }
        let start = name.endIndex - domain.count
        return name[start...].elementsEqual(domain)
            && (start == name.startIndex || name[start - 1] == UInt8(ascii: "."))
    }
}

extension SegmentTable.Head {
    /// How many of the rows are older than the one with an id.
    fileprivate func rows(before id: Int64?) -> Int {
        guard let id else { return rows }
        return id <= first ? 0 : Int(min(Int64(rows), id - first))
    }
}
