import Gateway
import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct DNSSettingsTests {
    private static let path = "/api/dns/settings"
    private static let upstreams = #"{"upstreams": ["9.9.9.9@853#dns.quad9.net"]}"#

    @Test func `without a document it does not run, and the first PUT makes one`() async throws {
        let gateway = try await TestGateway()
        let absent = try await gateway.call(.get, Self.path)
        #expect(absent.status == 200 && absent.data["enabled"] == .boolean(false))
        #expect(absent.data["sources"]?["timeout"] == .string("default"))
        let commits = try gateway.commits()
        let same = try await gateway.call(.put, Self.path, String(decoding: absent.data.compactBytes(), as: UTF8.self))
        #expect(try same.status == 200 && gateway.commits() == commits, "\(same.message)")
        let refused = try await gateway.call(.put, Self.path, #"{"enabled": true}"#)
        #expect(refused.status == 422 && refused.message.contains("no upstreams"))
        let made = try await gateway.call(.put, Self.path, Self.upstreams)
        #expect(made.status == 200 && made.data["enabled"] == .boolean(true), "\(made.message)")
        #expect(made.data["sources"]?["upstreams"] == .string("settings"))
        #expect(
            try gateway.directory.git("show", "HEAD:dns/settings.yaml")
                == "kind: DNSSettings\nupstreams: [9.9.9.9@853#dns.quad9.net]")
    }

    @Test func `a document that is made to be off is off`() async throws {
        let gateway = try await TestGateway()
        let made = try await gateway.call(.put, Self.path, #"{"enabled": false, "timeout": "3s"}"#)
        #expect(made.status == 200 && made.data["enabled"] == .boolean(false), "\(made.message)")
        #expect(
            try gateway.directory.git("show", "HEAD:dns/settings.yaml")
                == "kind: DNSSettings\nenabled: false\ntimeout: 3s")
    }

    @Test func `fields are merged, and null resets them`() async throws {
        let gateway = try await TestGateway()
        _ = try await gateway.call(.put, Self.path, Self.upstreams)
        let put = try await gateway.call(
            .put, Self.path,
            """
            {"blocking": {"mode": "nxdomain"}, "cache": {"max_ttl": "1h"},
             "conditional": {"corp.example": ["udp://10.0.0.53:53"], "lan": "udp://10.0.0.54:53"}}
            """)
        #expect(put.status == 200, "\(put.message) \(put.json)")
        #expect(put.data["blocking"]?["mode"] == .string("nxdomain") && put.data["blocking"]?["ttl"] == .string("10s"))
        #expect(put.data["conditional"]?["lan"] == .array([.string("udp://10.0.0.54:53")]))
        let reset = try await gateway.call(
            .patch, Self.path, #"{"blocking": {"mode": null}, "conditional": {"lan": null}}"#)
        #expect(reset.data["blocking"]?["mode"] == .string("null_ip"), "\(reset.message)")
        #expect(reset.data["conditional"]?.entries?.map(\.0) == ["corp.example"])
        #expect(reset.data["sources"]?["conditional.corp.example"] == .string("settings"))
        let commits = try gateway.commits()
        let body = String(decoding: reset.data.compactBytes(), as: UTF8.self)
        let same = try await gateway.call(.put, Self.path, body)
        #expect(try same.status == 200 && gateway.commits() == commits)
        for (body, field) in [
            (#"{"timeout": "1h"}"#, "timeout"), (#"{"blocking": {"mode": "x"}}"#, "blocking.mode"),
            (#"{"conditional": {"corp.example": []}}"#, "conditional"), (#"{"colour": 1}"#, "colour"),
            (#"{"cache": {"min_ttl": "2h"}}"#, "cache"), (#"{"upstreams": ["10.8.0.1@853#x.example"]}"#, ""),
        ] {
            let refused = try await gateway.call(.put, Self.path, body)
            let found = refused.json["details"]?["fields"].items.first?["field"].text ?? ""
            if !field.isEmpty { #expect(refused.status == 422 && found.hasPrefix(field), "\(body): \(refused.json)") }
        }
        let loop = try await gateway.call(.put, Self.path, #"{"upstreams": ["udp://10.8.0.1:53"]}"#)
        #expect(loop.status == 422 && loop.json["details"]?["fields"].items.first?["field"] == .string("upstreams"))
        let stale = try await gateway.call(.put, Self.path, #"{"timeout": "3s"}"#, headers: [.ifMatch: "\"x\""])
        #expect(stale.status == 412)
    }
}
