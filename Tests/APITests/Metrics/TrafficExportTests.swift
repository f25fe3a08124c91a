import Gateway
import HTTPTypes
import Model
import Synchronization
import Testing

@testable import API

/// The traffic of everybody as a file.
@Suite struct TrafficExportTests {
    private static let gone = "99999999-e89b-42d3-a456-426614174000"

    private func gateway() async throws -> TestGateway {
        let gateway = try await MetricsWorld.gateway()
        let (odd, phone) = (
            try await MetricsWorld.id("=1+1, B\u{FC}ro", gateway), try await MetricsWorld.id("phone", gateway)
        )
        gateway.telemetry.state.withLock { state in
            state.moved = [
                .peer(phone): [MetricsWorld.point(0, 1, 2), MetricsWorld.point(1, 3, 4)],
                .peer(odd): [MetricsWorld.point(1, 5, 6)],
                .peer(Self.gone): [MetricsWorld.point(0, 7, 8)],
                .interface("wg0"): [MetricsWorld.point(1, 9, 10)],
            ]
        }
        return gateway
    }

    @Test func `a table is quoted, and no name is a formula`() async throws {
        let gateway = try await gateway()
        let (odd, phone) = (
            try await MetricsWorld.id("=1+1, B\u{FC}ro", gateway), try await MetricsWorld.id("phone", gateway)
        )
        let answer = try await gateway.call(
            .get, "/api/metrics/export?\(MetricsWorld.query(hours: 2))&format=csv")
        #expect(answer.headers[.contentType] == "text/csv; charset=utf-8; header=present")
        let day = MetricsWorld.monday.description.prefix(10)
        #expect(answer.headers[.contentDisposition]?.contains("filename=\"traffic-hourly-\(day).csv\"") == true)
        let (first, second) = (MetricsWorld.monday, MetricsWorld.monday.advanced(bySeconds: 3600))
        #expect(
            answer.text
                == "time,kind,id,interface,name,counted,rx_bytes,tx_bytes,rx_peak_bps,tx_peak_bps,connected_seconds\r\n"
                + "\(first),peer,\(Self.gone),,,encrypted,7,8,56,64,60\r\n"
                + "\(first),peer,\(phone),wg0,phone,encrypted,1,2,8,16,60\r\n"
                + "\(second),interface,,wg0,,inner,9,10,72,80,60\r\n"
                + "\(second),peer,\(odd),wg0,\"'=1+1, B\u{FC}ro\",encrypted,5,6,40,48,60\r\n"
                + "\(second),peer,\(phone),wg0,phone,encrypted,3,4,24,32,60\r\n")
    }

    @Test func `JSON holds the same rows`() async throws {
        let gateway = try await gateway()
        let answer = try await gateway.call(.get, "/api/metrics/export?\(MetricsWorld.query(hours: 2))")
        #expect(answer.data.entries?.map(\.0) == ["resolution", "start", "end", "rows"])
        let rows = answer.data["rows"].items
        #expect(rows.map { $0["rx"].number } == [7, 1, 9, 5, 3])
        #expect(
            rows.first?.entries?.map(\.0) == [
                "time", "kind", "id", "interface", "name", "counted", "rx", "tx", "rx_peak_bps", "tx_peak_bps",
                "connected_seconds",
            ])
        #expect(rows.map { $0["name"].text } == ["", "phone", "", "=1+1, B\u{FC}ro", "phone"])
        let none = try await gateway.call(.get, "/api/metrics/export?start=2020-01-01&end=2020-01-02")
        #expect(none.data["rows"] == .array([]))
    }

    @Test func `a long time is read part by part, with no hour twice and none left out`() async throws {
        let gateway = try await gateway()
        gateway.telemetry.state.withLock { state in
            state.moved[.peer("1")] = (0..<3000).map { MetricsWorld.point($0, 1, 0) }
        }
        let (start, end) = (
            MetricsWorld.monday.advanced(bySeconds: 1800), MetricsWorld.monday.advanced(bySeconds: 5000 * 3600 + 60)
        )
        let request = APIRequest(
            principal: TestGateway.admin,
            query: ["start": start.description, "end": end.description, "format": "csv"], id: "r")
        let export = try TrafficExport(request, now: gateway.services.clock.now(), mostRows: 4000)
        let answer = Answer(
            try await export.response(gateway.services, in: try await gateway.services.states.current()))
        let spans = gateway.telemetry.state.withLock { $0.spans }
        // Three peers and an interface: a thousand hours are one part.
        #expect(spans.count == 6 && spans.first?.from == start && spans.last?.to == end)
        for (one, next) in zip(spans, spans.dropFirst()) {
            #expect(one.to == next.from && TrafficResolution.hourly.bucket(of: next.from) == next.from)
        }
        // The first hour is among them, as it touches the time.
        #expect(answer.text.split(separator: "\r\n").count == 1 + 3000 + 5)
    }

    @Test func `more rows than fit are refused`() async throws {
        let gateway = try await gateway()
        let request = APIRequest(
            principal: TestGateway.admin,
            query: [
                "start": MetricsWorld.monday.description,
                "end": MetricsWorld.monday.advanced(bySeconds: 7200).description,
            ], id: "r")
        let state = try await gateway.services.states.current()
        let now = gateway.services.clock.now()
        _ = try await TrafficExport(request, now: now, mostRows: 5).response(gateway.services, in: state)
        let failure = await #expect(throws: APIFailure.self) {
            try await TrafficExport(request, now: now, mostRows: 4).response(gateway.services, in: state)
        }
        #expect(failure?.status == .badRequest)
        #expect(
            failure?.message
                == "the export has more than 4 rows: ask for a shorter time, or a coarser resolution")
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("two\r\nlines", "\"two\r\nlines\""),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"), ("+49 30", "'+49 30"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("a=b", "a=b"), ("", ""), ("\u{4E2D}\u{6587}", "\u{4E2D}\u{6587}"),
    ])
    func `a text stays one cell, and stays text`(text: String, cell: String) {
        var table = CommaSeparatedText(headings: ["a", "b"])
        table.append([.text(text), .number(-1)])
        #expect(table.bytes == Array("a,b\r\n\(cell),-1\r\n".utf8))
    }
}
