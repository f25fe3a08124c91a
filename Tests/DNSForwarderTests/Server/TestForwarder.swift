import DNSPolicy
import Logging
import Model
import Synchronization
import Testing

@testable import DNSForwarder

/// A running forwarder on 127.0.0.1 of the loopback device, with one peer there, `me`, who asks from 127.0.0.1.
final class TestForwarder: Sendable {
    struct Clock: WallClock {
        func now() -> Timestamp { TestPipeline.time }
    }

    let forwarder: Forwarder
    let upstream: RogueUpstream
    let port: UInt16
    private let log: Log
    private let task: Task<Void, any Error>

    final class Log: Sendable {
        private let rows = Mutex<[QueryLogRow]>([])
        func put(_ row: QueryLogRow) { rows.withLock { $0.append(row) } }
        var all: [QueryLogRow] { rows.withLock { $0 } }
    }

    /// A configuration with rules in AdGuard's syntax.
    struct Setup {
        var rules: [String] = []
        var settings = DNSSettings(location: .init(path: "dns", line: 1, column: 1))
        var listen: Set<ListenAddress> = []
        var unlogged: Set<String> = []
        var peers = [
            PolicyPeer(
                interface: "lo", name: "me", allowedIPs: ["127.0.0.1/32", "::1/128"].compactMap { Prefix($0) },
                isFiltered: true, blocklists: nil)
        ]

        func configuration() throws -> ForwarderConfiguration {
            var own = OwnRules()
            for (number, text) in rules.enumerated() {
                try own.add(
                    DNSFilterLine(text: text, location: .init(path: "rules", line: number + 1, column: 1)))
            }
            let key = NameKey(1, 2)
            var list = ListCompiler(name: "ads", format: .adblock, key: key)
            try list.take(Array("||listed.example^\n".utf8))
            let policy = try Policy(
                peers: peers, rules: own, lists: [try list.finish()], key: key, isBlocking: true)
            let key32 = try #require(PublicKey(bytes: [UInt8](repeating: 7, count: 32)))
            let peer = Peer(
                name: "me", dnsName: "me", interface: "wg0", ip: [try #require(IPAddress("10.8.0.2"))],
                publicKey: key32, location: settings.location)
            let interface = Interface(
                name: "wg0", address: [try #require(InterfaceAddress("10.8.0.1/24"))], listenPort: 51820,
                location: settings.location)
            let catalog = Catalog(interfaces: [interface], peers: [peer], dns: settings)
            return ForwarderConfiguration(
                policy: policy, pause: FilteringPause(), settings: settings,
                local: LocalNames(catalog, zone: try DomainName(text: settings.localZone)), listen: listen,
                unlogged: unlogged)
        }
    }

    let setup: Setup

    /// Starts a forwarder and its upstream, and waits until it listens.
    init(
        rules: [String] = [], script: @escaping RogueUpstream.Script = { [.send($0.answer())] },
        setup change: (inout Setup) -> Void = { _ in }
    ) async throws {
        upstream = try await RogueUpstream(nil, script)
        var setup = Setup(rules: rules)
        setup.settings.upstreams = [upstream.udp]
        // Whoever asks in a test may ask much.
        setup.settings.rateLimit.perSecond = 1_000_000
        setup.settings.rateLimit.burst = 1_000_000
        change(&setup)
        let log = Log()
        self.log = log
        let forwarder = Forwarder(clock: Clock(), logger: .silent) { log.put($0.row) }
        self.forwarder = forwarder
        task = Task { try await forwarder.run() }
        while true {
            // Below what the system gives to clients.
            let port = UInt16.random(in: 20_000..<32_000)
            setup.listen = [Self.listen(port)]
            forwarder.apply(try setup.configuration())
            _ = try await eventually { forwarder.listeners.allSatisfy { $0.state != .waiting(reason: "not running") } }
            _ = try await eventually {
                forwarder.listeners.allSatisfy { $0.state != .waiting(reason: "not opened yet") }
            }
            if forwarder.listeners.allSatisfy({ $0.state == .listening }) {
                self.port = port
                break
            }
        }
        self.setup = setup
    }

    static func listen(_ port: UInt16) -> ListenAddress {
        ListenAddress(address: IPAddress(v4: 0x7F00_0001), port: port, device: "lo")
    }

    /// The rows of the query log so far.
    var rows: [QueryLogRow] { log.all }

    func apply(_ change: (inout Setup) -> Void) throws {
        var changed = setup
        change(&changed)
        forwarder.apply(try changed.configuration())
    }

    /// Ends the forwarder, and returns when `run` did.
    func stop() async throws {
        task.cancel()
        try await task.value
        await upstream.stop()
    }
}

/// A query of a client.
func query(
    _ name: String, _ type: RecordType = .a, id: UInt16 = 7, payloadSize: UInt16? = 1232
) throws -> [UInt8] {
    Message(
        id: id, flags: .recursionDesired, questions: [Question(try DomainName(text: name), type)],
        edns: payloadSize.map { EDNS(payloadSize: $0) }
    ).encoded()
}
