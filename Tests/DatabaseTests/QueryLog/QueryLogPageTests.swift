import Model
import Testing

@testable import Database

/// Pages are what a plain filter over all rows gives.
@Suite struct QueryLogPageTests {
    let directory: TemporaryDirectory
    let open: OpenLog
    let rows = LogSample.rows(30_000, seconds: 10_000)

    init() async throws {
        directory = try TemporaryDirectory()
        open = try OpenLog(directory.path)
        open.record(rows)
        await open.log.flush()
    }

    private func expect(
        limit: Int = 100, offset: Int = 0, _ change: (inout QueryLogFilter) -> Void,
        where fits: (QueryLogRow) -> Bool, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        let wanted = rows.enumerated().filter { fits($0.element) }.reversed()
        let page = try await open.page(limit: limit, offset: offset, change)
        let expected = wanted.dropFirst(offset).prefix(limit).map {
            QueryLogPage.Entry(id: Int64($0.offset + 1), row: $0.element)
        }
        #expect(page.entries == expected, sourceLocation: sourceLocation)
        #expect(page.total == min(wanted.count, 10_000), sourceLocation: sourceLocation)
        #expect(page.totalIsMinimum == (wanted.count > 10_000), sourceLocation: sourceLocation)
    }

    @Test func everything() async throws {
        try await expect({ _ in }, where: { _ in true })
        try await expect(limit: 7, offset: 8190, { _ in }, where: { _ in true })
        try await expect(limit: 100, offset: 29_950, { _ in }, where: { _ in true })
        try await expect(limit: 100, offset: 40_000, { _ in }, where: { _ in true })
        try await expect(limit: 0, { _ in }, where: { _ in true })
    }

    @Test func names() async throws {
        try await expect({ $0.domain = "zone5.example" }, where: { $0.domain.hasSuffix(".zone5.example") })
        try await expect({ $0.domain = "N7.Zone7.Example." }, where: { $0.domain == "n7.zone7.example" })
        try await expect({ $0.domain = "one5.example" }, where: { _ in false })
        try await expect({ $0.domain = "." }, where: { _ in true })
        try await expect({ $0.domain = "example" }, where: { $0.domain != "." })
    }

    @Test func clients() async throws {
        try await expect({ $0.client = "wg1/peer-4" }, where: { $0.client == "wg1/peer-4" })
        try await expect({ $0.client = "peer-4" }, where: { $0.client == "wg1/peer-4" })
        try await expect({ $0.client = "wg0/peer-4" }, where: { _ in false })
        try await expect({ $0.client = "eer-4" }, where: { _ in false })
        try await expect({ $0.client = "10.8.0.6" }, where: { $0.client == "wg0/peer-6" })
        try await expect({ $0.client = "fd00::7" }, where: { $0.client == "wg1/peer-7" })
        let own: Set = ["wg1/peer-1", "wg2/peer-2"]
        try await expect({ $0.visibleClients = own }, where: { own.contains($0.client) })
        try await expect({ $0.visibleClients = [] }, where: { _ in false })
        try await expect(
            {
                $0.visibleClients = own
                $0.client = "peer-4"
            }, where: { _ in false })
    }

    @Test func outcomesAndTimes() async throws {
        try await expect({ $0.status = .blocked }, where: { $0.status == .blocked })
        try await expect(limit: 5, offset: 17, { $0.status = .allowed }, where: { $0.status == .allowed })
        let (from, to) = (LogSample.start.advanced(bySeconds: 3000), LogSample.start.advanced(bySeconds: 7201))
        try await expect({ $0.from = from }, where: { $0.time >= from })
        try await expect({ $0.to = to }, where: { $0.time < to })
        try await expect(
            {
                $0.from = from
                $0.to = to
                $0.status = .blocked
                $0.client = "peer-3"
                $0.domain = "zone5.example"
            },
            where: { row in
                guard row.time >= from, row.time < to, row.status == .blocked else { return false }
                return row.client == "wg0/peer-3" && row.domain.hasSuffix("zone5.example")
            })
    }

    /// From page to page by the cursor: every row once, while others are written.
    @Test func cursor() async throws {
        var seen: [QueryLogRow] = []
        var before: Int64?
        repeat {
            let page = try await open.page(limit: 900) {
                $0.before = before
                $0.client = "peer-5"
            }
            seen += page.entries.map(\.row)
            before = page.entries.last?.id
            open.record([LogSample.row(1, client: "wg9/peer-5")])
        } while before != nil
        #expect(seen == rows.filter { $0.client == "wg2/peer-5" }.reversed())
    }
}
