import Foundation
import Model
import Reconciler
import Testing

@testable import wirebuddy

@Suite("wirebuddy traffic")
struct TrafficTests {
    private let now = Timestamp(seconds: 1_795_000_000)

    private func peer() throws -> SeenPeer {
        try JSONDecoder().decode(
            SeenPeer.self,
            from: Data(
                """
                {"id": "0f0e0d0c-0b0a-4909-8807-060504030201", "name": "phone", "interface": "wg0", "status": "idle",
                 "last_handshake": null, "transfer_rx": 0, "transfer_tx": 0, "observed": {}, "observed_at": null}
                """.utf8))
    }

    private func answer(_ owner: TrafficOwner, peers: [TrafficAnswer.PeerSum]? = nil) throws -> TrafficAnswer {
        let history = try PlotSamples.plot(3, .hourly, from: "2026-11-22T05:00:00Z") { UInt64($0) * 1000 }.history
        let start = try PlotSamples.time("2026-11-22T05:30:00Z")
        let span = try TrafficSpan(
            since: .at(start), until: .at(start.advanced(bySeconds: 7200)), nil, now: now)
        return TrafficAnswer(owner: owner, span: span, history: history, peers: peers)
    }

    @Test("what the API answers is understood")
    func decoding() throws {
        let document = try JSONDecoder().decode(
            TrafficDocument.self,
            from: Data(
                """
                {"peer": "x", "name": "phone", "interface": "wg0", "resolution": "hourly",
                 "start": "2026-11-22T05:30:00Z", "end": "2026-11-22T06:30:00Z", "counted": "encrypted",
                 "kept_from": "2026-10-01T00:00:00Z", "points": [{"time": "2026-11-22T05:00:00Z", "rx": 1,
                 "tx": 9223372036854775807, "rx_peak_bps": 3, "tx_peak_bps": 4, "connected_seconds": 5}],
                 "totals": {"rx": 1, "tx": 2, "rx_peak_bps": 3, "tx_peak_bps": 4, "connected_seconds": 5}}
                """.utf8))
        let history = document.history(.hourly)
        #expect(history.keptFrom == (try PlotSamples.time("2026-10-01T00:00:00Z")))
        #expect(
            history.points == [
                TrafficHistory.Point(
                    time: try PlotSamples.time("2026-11-22T05:00:00Z"),
                    bytes: TrafficBytes(received: 1, sent: UInt64(Int64.max)),
                    peak: TrafficBytes(received: 3, sent: 4), connectedSeconds: 5)
            ])
    }

    @Test("a time that is none is refused")
    func wrongTime() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(WrittenTime.self, from: Data("\"2026-13-01T00:00:00Z\"".utf8))
        }
    }

    @Test("interfaces are added up bucket by bucket")
    func sum() throws {
        let one = try PlotSamples.plot(2, .hourly, from: "2026-11-22T05:00:00Z") { UInt64($0 + 1) * 1000 }.history
        let two = try PlotSamples.plot(2, .hourly, from: "2026-11-22T06:00:00Z") { UInt64($0 + 1) * 10 }.history
        let sum = TrafficAnswer.sum([one, two], .hourly)
        #expect(sum.points.map(\.bytes.received) == [1000, 2010, 20])
        #expect(sum.points.map(\.peak.received) == [10, 20, 0])
        #expect(sum.keptFrom == one.keptFrom)
        #expect(TrafficAnswer.sum([], .hourly).points.isEmpty)
    }

    @Test("peers are added up over the buckets of an export, the most first")
    func topPeers() throws {
        let export = try JSONDecoder().decode(
            TrafficExportDocument.self,
            from: Data(
                """
                {"resolution": "hourly", "start": "2026-11-22T05:00:00Z", "end": "2026-11-22T07:00:00Z", "rows": [
                 {"time": "2026-11-22T05:00:00Z", "kind": "interface", "id": null, "interface": "wg0", "name": null,
                  "counted": "inner", "rx": 9, "tx": 9, "rx_peak_bps": 0, "tx_peak_bps": 0, "connected_seconds": 1},
                 {"time": "2026-11-22T05:00:00Z", "kind": "peer", "id": "a", "interface": "wg0", "name": "phone",
                  "counted": "encrypted", "rx": 1, "tx": 2, "rx_peak_bps": 0, "tx_peak_bps": 0, "connected_seconds": 1},
                 {"time": "2026-11-22T06:00:00Z", "kind": "peer", "id": "a", "interface": "wg0", "name": "phone",
                  "counted": "encrypted", "rx": 10, "tx": 20, "rx_peak_bps": 0, "tx_peak_bps": 0, "connected_seconds": 1},
                 {"time": "2026-11-22T06:00:00Z", "kind": "peer", "id": "b", "interface": null, "name": null,
                  "counted": "encrypted", "rx": 100, "tx": 0, "rx_peak_bps": 0, "tx_peak_bps": 0, "connected_seconds": 1}]}
                """.utf8))
        #expect(
            TrafficAnswer.sums(export.rows) == [
                .init(id: "b", name: nil, bytes: TrafficBytes(received: 100, sent: 0)),
                .init(id: "a", name: "wg0/phone", bytes: TrafficBytes(received: 11, sent: 22)),
            ])
    }

    @Test("the text ends with sums, and for the gateway with its peers")
    func text() throws {
        let peers = (0..<12).map {
            TrafficAnswer.PeerSum(
                id: "id\($0)", name: $0 == 1 ? nil : "wg0/peer\($0)",
                bytes: TrafficBytes(received: 1024, sent: 2048))
        }
        let text = TrafficReport(try answer(.gateway(["wg0", "wg1"]), peers: peers)).text(width: 80, style: .plain)
        #expect(
            text.hasPrefix(
                "Traffic of all interfaces\ninner bytes per hour, 2026-11-22 05:00 to 2026-11-22 08:00 UTC\n\n"))
        #expect(
            text.contains(
                """

                                       RECEIVED                     SENT
                total                  2.9 KiB                      5.9 KiB
                peak of one interface  20 bit/s (2026-11-22 07:00)  40 bit/s (2026-11-22 07:00)

                TOP PEERS (encrypted bytes)  RECEIVED  SENT     TOTAL
                wg0/peer0                    1.0 KiB   2.0 KiB  3.0 KiB
                id1 (removed)                1.0 KiB   2.0 KiB  3.0 KiB

                """), "\(text)")
        #expect(text.hasSuffix("\n… and 2 more peers\n"))
        let one = TrafficReport(try answer(.peer(try peer()))).text(width: 80, style: .plain)
        #expect(one.hasPrefix("Traffic of peer wg0/phone\nencrypted bytes"))
        #expect(one.hasSuffix("connected for 20 min\n"))
    }

    @Test("the points as RFC 4180 has it")
    func commaSeparated() throws {
        #expect(
            Array(TrafficReport(try answer(.interface("wg0"))).commaSeparated.utf8)
                == Array(
                    ("time,rx_bytes,tx_bytes,rx_peak_bps,tx_peak_bps,connected_seconds\r\n"
                        + "2026-11-22T05:00:00Z,0,0,0,0,0\r\n2026-11-22T06:00:00Z,1000,2000,10,20,600\r\n"
                        + "2026-11-22T07:00:00Z,2000,4000,20,40,600\r\n").utf8))
    }

    @Test("documents are what their schema says")
    func documents() throws {
        let checker = SchemaChecker(directory: TelemetryDocuments.schemas)
        let sums = [TrafficAnswer.PeerSum(id: "a", name: nil, bytes: TrafficBytes(received: .max, sent: 0))]
        for answer in [
            try answer(.gateway(["wg0"]), peers: sums), try answer(.gateway([])), try answer(.interface("wg0")),
            try answer(.peer(try peer())),
        ] {
            let document = try JSONText.value(of: Data(TrafficReport(answer).json(files: ["a.svg"]).document()))
            #expect(try checker.problems(document, file: "traffic.schema.json") == [])
        }
    }

    @Test(
        "times are so long ago, days, or RFC 3339",
        arguments: [
            ("7d", PointInTime.ago(604_800)), ("2026-11-01", .at(Timestamp(seconds: 1_793_491_200))),
            ("2026-11-01T01:00:00+01:00", .at(Timestamp(seconds: 1_793_491_200))), ("yesterday", nil),
            ("2026-02-30", nil), ("", nil), ("-1d", nil),
        ])
    func times(_ text: String, _ time: PointInTime?) {
        #expect(PointInTime(argument: text) == time)
    }

    @Test(
        "the width of points follows the time",
        arguments: [
            ("1d", TrafficResolution.hourly), ("8d", .hourly), ("9d", .daily), ("366d", .daily), ("800d", .weekly),
        ])
    func resolutions(_ since: String, _ resolution: TrafficResolution) throws {
        let since = try #require(PointInTime(argument: since))
        #expect(try TrafficSpan(since: since, until: nil, nil, now: now).resolution == resolution)
        #expect(try TrafficSpan(since: since, until: nil, .weekly, now: now).resolution == .weekly)
    }

    @Test("a time that ends before it begins is a mistake of usage")
    func backwards() {
        #expect {
            try TrafficSpan(since: .ago(60), until: .ago(60), nil, now: now)
        } throws: { error in
            (error as? CommandFailure)?.status == .usage
        }
    }

    @Test("values in targets of requests are escaped")
    func escaping() {
        #expect(TargetText.escaped("a-Z_0.~") == "a-Z_0.~")
        #expect(TargetText.escaped("ü /?&=+%") == "%C3%BC%20%2F%3F%26%3D%2B%25")
    }

    @Test("pictures are files of their owner, and never take the place of a directory")
    func pictures() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("wirebuddy-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let svg = SVGPlot(try answer(.interface("wg0")).plot).render()
        let path = directory.appendingPathComponent("a.svg").path
        try PictureFile.write(svg: svg, to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == svg)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: CommandFailure.self) { try PictureFile.write(svg: svg, to: directory.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["a.svg"])
    }
}
