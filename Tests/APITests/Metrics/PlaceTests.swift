import Gateway
import HTTPTypes
import Model
import Reconciler
import Synchronization
import Testing

@testable import API

/// What is observed beside traffic: where peers connect from, and how observation goes.
@Suite struct PlaceTests {
    @Test func `a peer shows where it connects from`() async throws {
        let gateway = try await MetricsWorld.gateway()
        let address = try #require(IPAddress("203.0.113.7"))
        let key = try #require(PublicKey("ANd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM="))
        let other = try #require(PublicKey("BNd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM="))
        gateway.telemetry.state.withLock { $0.places = [address: Place(country: "DE", asn: 4_200_000_000)] }
        gateway.host.behaviour.withLock {
            $0.endpoints = [
                key: SocketAddress(address, port: 4711), other: SocketAddress(IPAddress(v4: 0x0A00_0001), port: 1),
            ]
        }
        _ = try await gateway.host.pass(PassOptions(trigger: "test"))
        let path = "/api/peers/\(try await MetricsWorld.id("phone", gateway))"
        let peer = try await gateway.call(.get, path, as: MetricsWorld.alice)
        #expect(
            peer.text.contains(
                #""observed":{"endpoint":"203.0.113.7:4711","country":"DE","asn":4200000000,"state":"in_sync"}"#))
        let list = try await gateway.call(.get, "/api/peers?search=tablet")
        #expect(list.text.contains(#""observed":{"endpoint":"10.0.0.1:1","country":null,"asn":null,"#))
        // What was observed is no wish: the document that was read changes nothing.
        let body = String(decoding: peer.data.compactBytes(), as: UTF8.self)
        let commits = try gateway.commits()
        #expect(try await gateway.call(.put, path, body).status == 200)
        #expect(try gateway.commits() == commits)
    }

    @Test func `the status tells how telemetry goes`() async throws {
        let gateway = try await MetricsWorld.gateway()
        gateway.telemetry.state.withLock { state in
            state.status.failure = "the disk is full"
            state.status.flows.state = .accounted
            state.status.databases = [
                TelemetryStatus.GeoDatabase(use: "asn", path: "/srv/asn.mmdb", failure: "there is no such file")
            ]
        }
        let telemetry = try await gateway.call(.get, "/api/status").data["telemetry"]
        #expect(
            telemetry.map { String(decoding: $0.compactBytes(), as: UTF8.self) }
                == #"{"last_sample":null,"failure":"the disk is full","database_bytes":0,"flows":{"state":"accounted","#
                + #""message":null,"unaccounted_flows":0,"lost_events":0,"count":null,"limit":null},"geoip":["#
                + #"{"use":"asn","path":"/srv/asn.mmdb","built":null,"type":null,"failure":"there is no such file"}]}"#)
    }
}
