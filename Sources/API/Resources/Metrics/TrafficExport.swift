import Gateway
import HTTPTypes
import Model

/// The traffic of all peers and interfaces as a file: bucket after bucket, each one that moved anything in it.
struct TrafficExport: Sendable {
    private let range: TimeRange
    private let resolution: TrafficResolution
    private let format: TrafficFormat
    private let mostRows: Int

    /// The query parameters it takes.
    static let names = TrafficRequest.names

    /// - Parameter mostRows: the most rows of one answer, which is made in memory.
    /// - Throws: ``APIFailure``, 400.
    init(_ request: APIRequest, now: Timestamp, mostRows: Int = 200_000) throws(APIFailure) {
        self.mostRows = mostRows
        range = try TimeRange(request, now: now)
        resolution = try range.resolution(request)
        format = try TrafficFormat(request)
    }

    /// - Throws: ``APIFailure``: 400 for more rows than one answer holds, 500 when the history can't be read.
    func response(_ services: APIServices, in state: ResourceState) async throws(APIFailure) -> APIResponse {
        let index = state.index
        var names: [TrafficSubject: Name] = [:]
        names.reserveCapacity(index.peers.count + index.interfaces.count)
        for entry in index.peers {
            names[.peer(entry.id)] = Name(interface: entry.peer.interface, name: entry.peer.name)
        }
        var output = Output(format, names)
        for span in spans(subjects: index.peers.count + index.interfaces.count) {
            let found = try await services.askTelemetry { telemetry throws(GatewayFailure) in
                try await telemetry.traffic(resolution, from: span.start, to: span.end)
            }
            try check(output.count + found.values.reduce(0) { $0 + $1.count })
            output.append(found)
        }
        return output.response(fields, named: fileName)
    }

    /// Parts of the time that hold about as many rows as an answer at most, and begin and end with whole buckets.
    private func spans(subjects: Int) -> [TimeRange] {
        let buckets = Int64(max(24, mostRows / max(1, subjects)))
        let first = resolution.bucket(of: range.start)
        return stride(from: first.seconds, to: range.end.seconds, by: Int(buckets * resolution.seconds)).map { begin in
            let next = begin + buckets * resolution.seconds
            return TimeRange(
                start: Timestamp(seconds: max(begin, range.start.seconds)),
                end: Timestamp(seconds: min(next, range.end.seconds)))
        }
    }

    private func check(_ rows: Int) throws(APIFailure) {
        guard rows > mostRows else { return }
        let coarser = resolution == .weekly ? "" : ", or a coarser resolution"
        throw APIFailure(
            .badRequest, "the export has more than \(mostRows) rows: ask for a shorter time\(coarser)")
    }

    private var fields: [(String, JSONValue)] {
        [
            ("resolution", .string(resolution.rawValue)), ("start", .string(range.start.description)),
            ("end", .string(range.end.description)),
        ]
    }

    private var fileName: String {
        "traffic-\(resolution.rawValue)-\(range.start.description.prefix(10))"
    }

    /// What a peer is called, and where.
    private struct Name {
        var interface: String
        var name: String
    }

    /// The rows, written as they come.
    private struct Output {
        private let format: TrafficFormat
        private let names: [TrafficSubject: Name]
        private var table = CommaSeparatedText(
            headings: ["time", "kind", "id", "interface", "name", "counted"] + TrafficDocument.headings)
        private var rows: [UInt8] = []
        private(set) var count = 0

        init(_ format: TrafficFormat, _ names: [TrafficSubject: Name]) {
            self.format = format
            self.names = names
        }

        mutating func append(_ found: [TrafficSubject: [TrafficHistory.Point]]) {
            let subjects = found.map { (row: Row($0.key, names), points: $0.value) }.sorted { $0.row < $1.row }
            var moved = subjects.indices.flatMap { rank in subjects[rank].points.map { (rank: rank, point: $0) } }
            moved.sort { ($0.point.time, $0.rank) < ($1.point.time, $1.rank) }
            for (rank, point) in moved {
                let row = subjects[rank].row
                count += 1
                switch format {
                case .csv:
                    table.append([.time(point.time)] + row.cells + TrafficDocument.cells(point))
                case .json:
                    if !rows.isEmpty { rows.append(UInt8(ascii: ",")) }
                    JSONValue.object(
                        [("time", .string(point.time.description))] + row.fields + TrafficDocument.sums(point)
                    ).append(to: &rows)
                }
            }
        }

        func response(_ fields: [(String, JSONValue)], named name: String) -> APIResponse {
            guard format == .json else {
                return APIResponse(
                    status: .ok, headers: Self.disposition(name, "csv"), bytes: table.bytes,
                    contentType: CommaSeparatedText.contentType)
            }
            var bytes = Array("{\"success\":true,\"data\":".utf8)
            // The rows stand in the place of what ends the object.
            bytes += JSONValue.object(fields).compactBytes().dropLast()
            bytes += ",\"rows\":[".utf8
            bytes += rows
            bytes += "]}}".utf8
            return APIResponse(status: .ok, bytes: bytes, contentType: "application/json")
        }

        private static func disposition(_ name: String, _ ending: String) -> HTTPFields {
            [.contentDisposition: FileNameHeader.attachment(name: name, fallback: name, ending: ending)]
        }
    }

    /// Whose a row is. Interfaces come first, then peers by interface and name.
    private struct Row: Comparable {
        private let kind: String
        private let id: String?
        private let interface: String?
        private let name: String?

        init(_ subject: TrafficSubject, _ names: [TrafficSubject: Name]) {
            switch subject {
            case .interface(let name): (kind, id, interface, self.name) = ("interface", nil, name, nil)
            case .peer(let id):
                // Nobody declares it any more: its id is what is left.
                let known = names[subject]
                (kind, self.id, interface, name) = ("peer", id, known?.interface, known?.name)
            }
        }

        private var counted: CountedBytes { kind == "peer" ? .encrypted : .inner }

        var fields: [(String, JSONValue)] {
            [
                ("kind", .string(kind)), ("id", .optional(id)), ("interface", .optional(interface)),
                ("name", .optional(name)), ("counted", .string(counted.rawValue)),
            ]
        }

        var cells: [CommaSeparatedText.Cell] {
            [kind, id, interface, name, counted.rawValue].map { $0.map(CommaSeparatedText.Cell.text) ?? .empty }
        }

        private var key: [String] { [kind, interface ?? "", name ?? "", id ?? ""] }

        static func < (left: Row, right: Row) -> Bool {
            left.key.lexicographicallyPrecedes(right.key) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }
}
