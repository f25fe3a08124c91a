import Gateway
import HTTPTypes
import Model
import Synchronization
import Testing

@testable import API

/// The traffic of peers and interfaces.
@Suite struct TrafficTests {
    @Test func `the history of a peer has the documented fields`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let id = try await MetricsWorld.id("phone", gateway)
        gateway.telemetry.state.withLock { state in
            state.moved[.peer(id)] = [MetricsWorld.point(0, 100, 2000), MetricsWorld.point(1, 50, 3000)]
            state.keptFrom = MetricsWorld.monday
        }
        let answer = try await gateway.call(
            .get, "/api/metrics/peers/\(id.uppercased())?\(MetricsWorld.query(hours: 3))")
        let hour = { MetricsWorld.monday.advanced(bySeconds: $0 * 3600).description }
        #expect(
            answer.text == #"{"success":true,"data":{"peer":"\#(id)","name":"phone","interface":"wg0","#
                + #""resolution":"hourly","start":"\#(hour(0))","end":"\#(hour(3))","counted":"encrypted","#
                + #""kept_from":"\#(hour(0))","points":["#
                + #"{"time":"\#(hour(0))","rx":100,"tx":2000,"rx_peak_bps":800,"tx_peak_bps":16000,"connected_seconds":60},"#
                + #"{"time":"\#(hour(1))","rx":50,"tx":3000,"rx_peak_bps":400,"tx_peak_bps":24000,"connected_seconds":60},"#
                + #"{"time":"\#(hour(2))","rx":0,"tx":0,"rx_peak_bps":0,"tx_peak_bps":0,"connected_seconds":0}],"#
                + #""totals":{"rx":150,"tx":5000,"rx_peak_bps":800,"tx_peak_bps":24000,"connected_seconds":120}}}"#)
    }

    @Test func `an interface counts inner bytes, and weeks begin on Monday`() async throws {
        let gateway = try await MetricsWorld.gateway()
        gateway.telemetry.state.withLock { state in
            state.moved[.interface("wg0")] = [MetricsWorld.point(-1, 1, 1), MetricsWorld.point(167, 7, 9)]
        }
        let answer = try await gateway.call(
            .get, "/api/metrics/interfaces/wg0?\(MetricsWorld.query(hours: 169))&resolution=weekly",
            as: MetricsWorld.alice)
        #expect(answer.data["interface"] == .string("wg0") && answer.data["counted"] == .string("inner"))
        let points = answer.data["points"].items
        #expect(
            points.map { $0["time"].text } == [
                MetricsWorld.monday.description, MetricsWorld.monday.advanced(bySeconds: 604_800).description,
            ])
        #expect(points.map { $0["rx"].number } == [7, 0] && answer.data["totals"]?["tx"].number == 9)
        #expect(try await gateway.call(.get, "/api/metrics/interfaces/wg9").status == 404)
    }

    @Test func `times may be days, and the last 24 hours are the default`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let path = "/api/metrics/interfaces/wg0"
        let before = gateway.services.clock.now()
        #expect(try await gateway.call(.get, path).data["points"].items.count == 25)
        let days = try await gateway.call(.get, "\(path)?start=2026-03-29&end=2026-03-31&resolution=daily")
        #expect(days.data["points"].items.map { $0["time"].text } == ["2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z"])
        #expect(days.data["kept_from"] == .null)
        let end = try await gateway.call(.get, "\(path)?end=2026-03-31T12:00:00%2B02:00".replacing("%2B", with: "+"))
        #expect(end.data["start"] == .string("2026-03-30T10:00:00Z"), "\(end.message)")
        let spans = gateway.telemetry.state.withLock { $0.spans }
        try #require(spans.count == 3)
        #expect(spans[0].to.seconds - spans[0].from.seconds == 86_400 && spans[0].to >= before)
    }

    @Test(arguments: [
        ("start=2026-03-02&end=2026-03-02", "before"), ("start=2026-03-02&end=2026-03-01", "before"),
        ("start=2999-01-01", "before"), ("start=yesterday", "start must be"), ("end=2026-02-30", "end must be"),
        ("start=2026-03-01T00:00:00", "start must be"), ("resolution=minutely", "resolution must be"),
        ("format=xml", "format must be"),
        ("start=2016-01-01&end=2026-01-01", "87672 hourly points are more than 20000: take resolution=daily (3653"),
        (
            "start=1900-01-01&end=2026-01-01&resolution=daily",
            "46021 daily points are more than 20000: take resolution=weekly (6575"
        ),
        ("start=0000-01-01&end=9999-01-01&resolution=weekly", "ask for a shorter time"),
    ])
    func `a span that can't be answered is refused with advice`(query: String, message: String) async throws {
        let gateway = try await MetricsWorld.gateway()
        let id = try await MetricsWorld.id("phone", gateway)
        for path in ["/api/metrics/peers/\(id)", "/api/metrics/interfaces/wg0", "/api/metrics/export"] {
            let answer = try await gateway.call(.get, "\(path)?\(query)")
            #expect(answer.status == 400 && answer.message.contains(message), "\(path): \(answer.message)")
        }
        #expect(gateway.telemetry.state.withLock { $0.spans.isEmpty })
    }

    @Test func `20,000 points are answered`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let answer = try await gateway.call(
            .get, "/api/metrics/interfaces/wg0?\(MetricsWorld.query(hours: TimeRange.mostPoints))")
        #expect(answer.data["points"].items.count == 20_000, "\(answer.message)")
    }

    @Test func `a user sees the traffic of his own peers, or of all where the settings say so`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let (own, other) = (try await MetricsWorld.id("phone", gateway), try await MetricsWorld.id("tablet", gateway))
        let unknown = "123e4567-e89b-12d3-a456-426614174000"
        for suffix in ["", "/geo"] {
            for (id, principal, status) in [
                (own, MetricsWorld.alice, 200), (other, MetricsWorld.alice, 404), (other, TestGateway.admin, 200),
                (unknown, MetricsWorld.alice, 404), (unknown, TestGateway.admin, 404),
            ] {
                let answer = try await gateway.call(.get, "/api/metrics/peers/\(id)\(suffix)", as: principal)
                #expect(answer.status == status, "\(id)\(suffix) of \(principal.username)")
            }
        }
        let open = try await MetricsWorld.gateway(userScope: "all")
        let path = "/api/metrics/peers/\(try await MetricsWorld.id("tablet", open))"
        #expect(try await open.call(.get, path, as: MetricsWorld.alice).status == 200)
        for (id, access) in [
            ("getDashboard", Access.user), ("getPeerTraffic", .user), ("getCountryTraffic", .user),
            ("exportTraffic", .admin), ("getMetrics", .admin),
        ] {
            let operation = try #require(Operations.all.first { $0.id == id })
            #expect(operation.access == access && operation.isRead, "\(id)")
        }
    }

    @Test func `a history that can't be read is a failure, not silence`() async throws {
        let gateway = try await MetricsWorld.gateway()
        gateway.telemetry.state.withLock { $0.failure = .failed("the disk is full") }
        for path in ["interfaces/wg0", "geo/countries", "geo/asn", "export"] {
            let answer = try await gateway.call(.get, "/api/metrics/\(path)")
            #expect(answer.status == 500 && answer.message == "the disk is full", "\(path)")
        }
    }

    @Test func `a table has headings, a type and a name`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let id = try await MetricsWorld.id("phone", gateway)
        gateway.telemetry.state.withLock { $0.moved[.peer(id)] = [MetricsWorld.point(0, 100, 2000)] }
        let answer = try await gateway.call(
            .get, "/api/metrics/peers/\(id)?\(MetricsWorld.query(hours: 2))&format=csv")
        #expect(answer.headers[.contentType] == "text/csv; charset=utf-8; header=present")
        #expect(
            answer.headers[.contentDisposition]
                == "attachment; filename=\"phone-hourly.csv\"; filename*=UTF-8''phone-hourly.csv")
        #expect(
            answer.text == "time,rx_bytes,tx_bytes,rx_peak_bps,tx_peak_bps,connected_seconds\r\n"
                + "\(MetricsWorld.monday),100,2000,800,16000,60\r\n"
                + "\(MetricsWorld.monday.advanced(bySeconds: 3600)),0,0,0,0,0\r\n")
    }
}
