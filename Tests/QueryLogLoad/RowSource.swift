import Model

/// Rows as a gateway makes them, prepared so that making one costs next to nothing.
struct RowSource: Sendable {
    static let start = Timestamp(seconds: 1_800_000_000)
    /// 30 days.
    static let seconds: Int64 = 30 * 86_400

    let names: [String]
    private let rows: [QueryLogRow]

    init(count: Int) {
        var choice = SystemRandomNumberGenerator()
        let hosts = ["www", "api", "cdn", "static", "img", "events.telemetry", "edge-mqtt", "a1834.dscd"]
        let zones = ["com", "net", "example.org", "co.uk", "akamai.net", "de", "io"]
        names = (0..<100_000).map { number in
            "\(hosts[number % hosts.count]).service\(number).\(zones[number % zones.count])"
        }
        let names = names
        var sums: [Double] = []
        for rank in 1...names.count { sums.append((sums.last ?? 0) + 1 / Double(rank)) }
        let whole = sums.last ?? 1
        rows = (0..<count).map { _ in
            let draw = Double.random(in: 0..<whole, using: &choice)
            let rank = Self.index(of: draw, in: sums)
            let client = Int.random(in: 0..<200, using: &choice)
            var row = QueryLogRow(
                time: Self.start, client: "wg0/device-\(client)", address: IPAddress(v4: 0x0A08_0002 + UInt32(client)),
                domain: names[rank], type: [1, 1, 28, 65][Int.random(in: 0..<4, using: &choice)],
                origin: rank < 2000 ? .cache : .upstream, microseconds: UInt32.random(in: 20...40_000, using: &choice))
            if rank % 6 == 0 {
                row.status = .blocked
                row.reason = .blocklist
                row.origin = .policy
                row.rule = "||service\(rank).example^"
                row.source = "ads:\(rank)"
                row.list = "ads"
            } else if row.origin == .upstream {
                row.upstream = "9.9.9.9@853#dns.quad9.net"
            }
            return row
        }
    }

    /// The row `number` of `count` ones that are spread over the whole time.
    func row(_ number: Int, of count: Int) -> QueryLogRow {
        var row = rows[number % rows.count]
        row.time = Self.start.advanced(bySeconds: Int64(number) * Self.seconds / Int64(count))
        return row
    }

    private static func index(of value: Double, in sums: [Double]) -> Int {
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > value { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
