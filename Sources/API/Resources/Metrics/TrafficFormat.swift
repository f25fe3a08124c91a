import Gateway
import Model

/// How traffic is written: as JSON, or as a table for spreadsheets.
enum TrafficFormat: String, Sendable, CaseIterable {
    case json
    case csv

    /// Reads `format`.
    ///
    /// - Throws: ``APIFailure``, 400.
    init(_ request: APIRequest) throws(APIFailure) {
        self = try request.word("format", of: Self.allCases.map(\.rawValue)).flatMap(Self.init) ?? .json
    }
}

/// Which bytes a count means.
enum CountedBytes: String, Sendable {
    /// What WireGuard sent and received for a peer, headers of its messages included, as `wg show transfer` says.
    case encrypted
    /// The packets inside the tunnel.
    case inner
}

extension JSONValue {
    /// A count; what no JSON number of 64 bits holds is the largest that one does.
    static func count(_ value: UInt64) -> JSONValue { .integer(Int64(clamping: value)) }

    /// A share in percent with one decimal, rounded; 0.0 of nothing.
    static func percent(_ part: UInt64, of whole: UInt64) -> JSONValue {
        guard whole > 0 else { return .decimal(units: 0, places: 1) }
        return .decimal(units: Int64((Double(part) * 1000 / Double(whole)).rounded()), places: 1)
    }
}
