import Gateway
import HTTPTypes
import Model
import Synchronization
import Testing

@testable import API

/// Where forwarded traffic went.
@Suite struct GeographyTests {
    private func gateway() async throws -> TestGateway {
        let gateway = try await MetricsWorld.gateway()
        gateway.telemetry.state.withLock { state in
            state.flows.countries = [
                .init(code: "DE", name: "Germany", bytes: TrafficBytes(received: 100, sent: 500), peers: 2),
                .init(code: "XK", name: nil, bytes: TrafficBytes(received: 0, sent: 100), peers: 1),
            ]
            state.flows.systems = [
                .init(code: 4_200_000_000, name: "Example", bytes: TrafficBytes(received: 50, sent: 50), peers: 1)
            ]
            state.flows.unknownCountry = TrafficBytes(received: 0, sent: 100)
            state.flows.unknownSystem = TrafficBytes(received: 50, sent: 650)
            state.flows.privateNetworks = TrafficBytes(received: 100, sent: 0)
            state.flows.from = MetricsWorld.monday
            state.status.flows.state = .unaccounted
            state.status.flows.message = "turn it on"
            state.status.flows.unaccounted = 3
            state.status.flows.lostEvents = 4
        }
        return gateway
    }

    private let rest =
        #""private":{"rx":100,"tx":0,"total":100,"percent":11.1},"total":{"rx":200,"tx":700,"total":900},"#
        + #""accounting":{"state":"unaccounted","message":"turn it on","unaccounted_flows":3,"lost_events":4}}}"#

    private var span: String {
        let (start, end) = (MetricsWorld.monday.advanced(bySeconds: 60), MetricsWorld.monday.advanced(bySeconds: 7200))
        return #""start":"\#(start)","end":"\#(end)","from":"\#(MetricsWorld.monday)","counted":"inner","#
    }

    private var query: String {
        "start=\(MetricsWorld.monday.advanced(bySeconds: 60))&end=\(MetricsWorld.monday.advanced(bySeconds: 7200))"
    }

    private let countries =
        #"[{"code":"DE","name":"Germany","rx":100,"tx":500,"total":600,"percent":66.7,"peers":2},"#
        + #"{"code":"XK","name":null,"rx":0,"tx":100,"total":100,"percent":11.1,"peers":1}],"#
        + #""unknown":{"rx":0,"tx":100,"total":100,"percent":11.1}"#
    private let systems =
        #"[{"asn":4200000000,"name":"Example","rx":50,"tx":50,"total":100,"percent":11.1,"peers":1}],"#
        + #""unknown":{"rx":50,"tx":650,"total":700,"percent":77.8}"#

    @Test func `rows have the documented fields`() async throws {
        let gateway = try await gateway()
        let countries = try await gateway.call(.get, "/api/metrics/geo/countries?\(query)", as: MetricsWorld.alice)
        #expect(countries.text == #"{"success":true,"data":{"# + span + #""rows":"# + self.countries + "," + rest)
        let systems = try await gateway.call(.get, "/api/metrics/geo/asn?\(query)")
        #expect(systems.text == #"{"success":true,"data":{"# + span + #""rows":"# + self.systems + "," + rest)
        #expect(gateway.telemetry.state.withLock { $0.geographyPeers } == nil)
    }

    @Test func `a peer shows both`() async throws {
        let gateway = try await gateway()
        let id = try await MetricsWorld.id("phone", gateway)
        let answer = try await gateway.call(.get, "/api/metrics/peers/\(id)/geo?\(query)", as: MetricsWorld.alice)
        #expect(
            answer.text == #"{"success":true,"data":{"peer":"\#(id)","name":"phone","interface":"wg0","# + span
                + #""countries":{"rows":"# + countries + #"},"asn":{"rows":"# + systems + "}," + rest)
        #expect(gateway.telemetry.state.withLock { $0.geographyPeers } == [id])
    }

    @Test func `only one peer is asked for, by whatever names it`() async throws {
        let gateway = try await gateway()
        let (phone, tablet) = (
            try await MetricsWorld.id("phone", gateway), try await MetricsWorld.id("tablet", gateway)
        )
        for name in ["phone", "wg0/phone", phone, phone.uppercased()] {
            gateway.telemetry.state.withLock { $0.geographyPeers = nil }
            let answer = try await gateway.call(
                .get, "/api/metrics/geo/countries?peer=\(name)", as: MetricsWorld.alice)
            #expect(
                answer.status == 200 && gateway.telemetry.state.withLock { $0.geographyPeers } == [phone], "\(name)")
        }
        for name in ["tablet", "wg0/tablet", tablet, "nobody", "wg9/phone", ""] {
            for path in ["countries", "asn"] {
                let answer = try await gateway.call(
                    .get, "/api/metrics/geo/\(path)?peer=\(name)", as: MetricsWorld.alice)
                #expect(answer.status == 404 && answer.message == "Resource not found", "\(name)")
            }
        }
        #expect(try await gateway.call(.get, "/api/metrics/geo/asn?peer=tablet").status == 200)
        #expect(try await gateway.call(.get, "/api/metrics/geo/asn?peer=nobody").status == 404)
    }

    @Test func `nothing is no division by zero, and spans are checked`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let answer = try await gateway.call(.get, "/api/metrics/geo/countries")
        #expect(answer.data["rows"] == .array([]) && answer.data["from"] == .null)
        #expect(answer.text.contains(#""unknown":{"rx":0,"tx":0,"total":0,"percent":0.0}"#))
        #expect(answer.data["accounting"]?["state"] == .string("off"))
        for query in ["start=2026-03-02&end=2026-03-01", "start=x", "end=x"] {
            #expect(try await gateway.call(.get, "/api/metrics/geo/countries?\(query)").status == 400, "\(query)")
        }
    }
}
