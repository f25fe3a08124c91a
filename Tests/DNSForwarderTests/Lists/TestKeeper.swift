import Credentials
import DNSForwarder
import DNSPolicy
import Fetch
import Foundation
import ListServer
import Logging
import Model
import Synchronization
import Testing

/// A keeper of lists in a directory of its own, with a real server to fetch from.
final class TestKeeper: Sendable {
    let server: ListServer
    let state: URL
    let clock = SettableClock()
    /// The files of the repository.
    let files = Mutex<[String: String]>([:])
    /// How many texts were asked for.
    let fetches = Mutex(0)

    init() throws {
        server = try ListServer()
        state = FileManager.default.temporaryDirectory.appending(path: "keeper-\(UUID().uuidString)")
    }

    deinit { try? FileManager.default.removeItem(at: state) }

    var directory: URL { state.appending(path: "lists") }

    /// Opens the keeper as a start of the daemon does.
    func open(
        limits: ListCompiler.Limits = ListCompiler.Limits(), change: (inout DownloadLimits) -> Void = { _ in }
    ) throws -> ListKeeper {
        var times = DownloadLimits()
        change(&times)
        let targets = DownloadTargets(exceptions: [try #require(Prefix("127.0.0.2/32"))])
        let download = Download(limits: times, targets: targets)
        return try open(limits: limits) { [self] request, take in
            fetches.withLock { $0 += 1 }
            let known = request.validators
            switch try await download.get(
                request.url, validators: DownloadValidators(etag: known.etag, lastModified: known.lastModified),
                limit: request.limit, take)
            {
            case .notModified: return .notModified
            case .content(let type, let told):
                return .text(
                    contentType: type,
                    validators: ListValidators(etag: told.etag, lastModified: told.lastModified))
            }
        }
    }

    /// Opens the keeper with another way to fetch.
    func open(
        limits: ListCompiler.Limits = ListCompiler.Limits(), fetch: @escaping ListKeeper.Fetch
    ) throws -> ListKeeper {
        try ListKeeper.open(
            directory: directory.path, fetch: fetch,
            file: { [self] path, _ in
                guard let text = files.withLock({ $0[path] }) else { throw NoFile(path: path) }
                return Array(text.utf8)
            }, digest: { SHA256Stream() }, clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            limits: limits)
    }

    /// A list of this server.
    func list(_ name: String, at path: String, _ format: Blocklist.Format = .domains) -> Blocklist {
        Blocklist(
            name: name, source: .url(server.url(path)), format: format,
            location: SourceLocation(path: "dns.yaml", line: 1, column: 1))
    }

    func fileList(_ name: String, _ path: String, _ format: Blocklist.Format = .domains) -> Blocklist {
        Blocklist(
            name: name, source: .file(path), format: format,
            location: SourceLocation(path: "dns.yaml", line: 1, column: 1))
    }

    struct NoFile: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path) is not in the repository" }
    }
}

/// Civil time that the test sets; it begins in 2027.
final class SettableClock: WallClock {
    private let time = Mutex(Timestamp(seconds: 1_800_000_000))

    func now() -> Timestamp { time.withLock { $0 } }

    func advance(_ seconds: Int64) { time.withLock { $0 = $0.advanced(bySeconds: seconds) } }
}

/// Whether a name is blocked by these lists, in the way of the forwarder.
func isBlocked(_ name: String, by keeper: ListKeeper) throws -> Bool {
    let prefix = try #require(Prefix("10.8.0.2/32"))
    let peer = PolicyPeer(interface: "wg0", name: "kid", allowedIPs: [prefix], isFiltered: true, blocklists: nil)
    let policy = try Policy(
        peers: [peer], rules: OwnRules(), lists: keeper.lists, key: keeper.key, isBlocking: true)
    let question = PolicyQuestion(
        client: try #require(policy.clients(named: "kid").first), name: try DomainName(text: name), type: .a,
        time: Timestamp(seconds: 0))
    return policy.decide(question, pause: FilteringPause()).action == .block
}

/// Waits until `condition` holds, a minute at most.
func untilTrue(_ condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try !condition() {
        try #require(ContinuousClock.now < end, "it did not come about in a minute")
        try await Task.sleep(for: .milliseconds(10))
    }
}
