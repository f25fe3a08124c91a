import Gateway
import HTTPTypes
import Model

/// The span of time that a request asks about: `start` ..< `end`.
struct TimeRange: Sendable, Hashable {
    /// When it begins.
    let start: Timestamp
    /// When it ends.
    let end: Timestamp

    /// The query parameters of a span.
    static let names: Set<String> = ["start", "end"]
    /// The most points that one answer holds.
    static let mostPoints: Int64 = 20_000

    /// Reads `start` and `end`; the last 24 hours where nothing is said.
    ///
    /// - Throws: ``APIFailure``, 400.
    init(_ request: APIRequest, now: Timestamp) throws(APIFailure) {
        end = try Self.time("end", request) ?? now
        start = try Self.time("start", request) ?? end.advanced(bySeconds: -86_400)
        guard start < end else {
            throw APIFailure(.badRequest, "start must be before end: \(start) is not before \(end)")
        }
    }

    init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }

    /// How many buckets touch it.
    func points(_ resolution: TrafficResolution) -> Int64 {
        let last = resolution.bucket(of: end.advanced(bySeconds: -1))
        return (last.seconds - resolution.bucket(of: start).seconds) / resolution.seconds + 1
    }

    /// Reads `resolution`: the width of the points.
    ///
    /// - Throws: ``APIFailure``, 400, for a word that is none, and when there would be too many points.
    func resolution(_ request: APIRequest) throws(APIFailure) -> TrafficResolution {
        let words = TrafficResolution.allCases.map(\.rawValue)
        let resolution = try request.word("resolution", of: words).flatMap(TrafficResolution.init) ?? .hourly
        let count = points(resolution)
        guard count > Self.mostPoints else { return resolution }
        let coarser = TrafficResolution.allCases.first { points($0) <= Self.mostPoints }
        let advice =
            coarser.map { "take resolution=\($0.rawValue) (\(points($0)) points), or a shorter time" }
            ?? "ask for a shorter time"
        throw APIFailure(
            .badRequest, "\(count) \(resolution.rawValue) points are more than \(Self.mostPoints): \(advice)")
    }

    /// A time as RFC 3339 writes it, or a day, which means its beginning in UTC.
    private static func time(_ name: String, _ request: APIRequest) throws(APIFailure) -> Timestamp? {
        guard let text = request.query[name] else { return nil }
        guard let time = Timestamp(text) ?? Timestamp("\(text)T00:00:00Z") else {
            throw APIFailure(.badRequest, "\(name) must be a time or a day: 2027-01-01T00:00:00Z, 2027-01-01")
        }
        return time
    }
}
