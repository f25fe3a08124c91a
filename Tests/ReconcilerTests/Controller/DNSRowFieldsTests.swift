import Manifest
import Model
import Testing

/// The rows hold every field that documents have: one that is forgotten would change without any plan.
@Suite struct DNSRowFieldsTests {
    static let changed: DNSSettings = {
        var settings = DNSSettings(location: Sample.place)
        settings.enabled = false
        settings.listen = .addresses([SocketAddress(IPAddress(v4: 0x0A08_0001), port: 5353)])
        settings.upstreams = [DNSUpstream("9.9.9.9@853#dns.quad9.net"), DNSUpstream("udp://10.0.0.53:53")]
            .compactMap(\.self)
        settings.strategy = .fastest
        settings.timeout = .seconds(5)
        settings.blocking.enabled = false
        settings.blocking.mode = .addresses([IPAddress(v4: 1), IPAddress(v4: 2)])
        settings.blocking.ttl = .seconds(90)
        settings.cache.maxEntries = 7
        settings.cache.minTTL = .seconds(60)
        settings.cache.maxTTL = .seconds(7200)
        settings.cache.serveStale = .seconds(86_400)
        settings.cache.prefetch = false
        settings.localZone = "home.example"
        settings.conditional = [DNSConditionalZone(name: "corp.example", upstreams: settings.upstreams)]
        settings.rebindProtection = false
        settings.rateLimit.perSecond = 1
        settings.rateLimit.burst = 2
        settings.queryLog.level = .anonymous
        settings.queryLog.retention = .seconds(3600)
        settings.queryLog.maxSize = 2_000_000_000
        settings.enforcement.rejectDoT = false
        settings.enforcement.rejectDoH = true
        return settings
    }()

    @Test func everySettingIsARowWithTheTextOfItsDocument() {
        let defaults = DNSSettings(location: Sample.place)
        for settings in [defaults, Self.changed] {
            #expect(ProjectedDNSSettings.rows(settings) == Self.rows(Manifest.json(of: settings)))
        }
        let (before, after) = (ProjectedDNSSettings.defaults, ProjectedDNSSettings.rows(Self.changed))
        #expect(before.keys.filter { before[$0] == after[$0] } == [], "the test changes every one")
    }

    @Test func listsAndRulesHaveNoOtherFields() throws {
        let list = try #require(DNSProjectionTests.lists.first)
        #expect(
            Manifest.json(of: list).map(\.0) == ["name", "url", "file", "format", "enabled", "refresh", "sha256"])
        let rule = try #require(DNSProjectionTests.rules.first)
        #expect(
            Manifest.json(of: rule).map(\.0).sorted()
                == ["action", "answer", "client", "comment", "domain", "expires_at", "id"])
    }

    /// The fields of a document as rows: the path of each, and its value as text.
    private static func rows(_ fields: [(String, JSONValue)], below path: String = "") -> [String: String] {
        var rows: [String: String] = [:]
        for (name, value) in fields {
            switch value {
            case .object(let zones) where path + name == "conditional":
                rows[name] = zones.map { "\($0.0) = \(text($0.1, " "))" }.joined(separator: ", ")
            case .object(let entries): rows.merge(Self.rows(entries, below: "\(path)\(name).")) { $1 }
            default: rows[path + name] = text(value, ", ")
            }
        }
        return rows
    }

    private static func text(_ value: JSONValue, _ separator: String) -> String {
        switch value {
        case .array(let items): items.map { text($0, separator) }.joined(separator: separator)
        case .string(let text): text
        default: String(decoding: value.compactBytes(), as: UTF8.self)
        }
    }
}
