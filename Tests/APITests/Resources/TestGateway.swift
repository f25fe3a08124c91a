import Credentials
import Database
import Gateway
import HTTPTypes
import Logging
import Manifest
import Model
import NIOCore
import Reconciler
import Repository
import Testing

@testable import API
@testable import wirebuddy

/// The operations over a real repository and a real database.
struct TestGateway {
    let directory: TestDirectory
    let services: APIServices
    let host: HostDouble
    let database: GatewayDatabase
    let dns = DNSDouble()
    let telemetry = FixedTelemetry()

    static let settings = """
        kind: Settings
        repository_id: 11111111-2222-4333-8444-555555555555
        public_endpoint: vpn.example.com

        """
    static let wg0 = """
        kind: Interface
        name: wg0
        address: [10.8.0.1/24, "fd42:8::1/64"]
        listen_port: 51820

        """
    static let admin = Principal(
        proof: .session(id: "1"), userID: "u1", username: "admin", email: "admin@example.com", role: .admin)

    /// A gateway with `wg0`, the settings and more files.
    init(_ files: [String: String] = [:]) async throws {
        directory = try TestDirectory()
        let base = ["settings.yaml": Self.settings, "interfaces/wg0.yaml": Self.wg0]
        for (path, text) in base.merging(files, uniquingKeysWith: { $1 }) { try directory.write(path, text) }
        try directory.commit("begin")
        database = try GatewayDatabase.open(state: "\(directory.root)/state")
        let clock = SystemClock()
        let repository = ConfigurationRepository(
            directory: directory.repository, digest: BLAKE2b256(), dnsSyntax: PlainDNSSyntax())
        let check = WriteCheck(gateway: nil, digest: BLAKE2b256()) { clock.now() }
        let store = RepositoryStore(repository: repository, check: check, clock: clock)
        host = HostDouble(store, inventory: database, clock: clock)
        let state = "\(directory.root)/state"
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let accounts = Accounts(
            users: ObservedAccounts(host), store: database, cache: CredentialCache(database, logger: logger),
            passwords: PasswordQueue(), clock: clock, logger: logger)
        var services = APIServices(
            store: store, reconciliation: host, accounts: accounts,
            history: RepositoryHistory(repository: repository, check: check, clock: clock),
            facts: Facts(config: directory.repository, state: state),
            events: EventHub(host, clock: clock) { _ in true }, clock: clock, dns: dns,
            telemetry: telemetry, dnsSyntax: PlainDNSSyntax(), digest: BLAKE2b256(), version: "1.2.3")
        services.idempotency = IdempotencyGate(database)
        services.profiles = DeviceProfiles(
            secrets: HostSecrets(state: state, directory: "\(state)/secrets", allowedNames: []),
            makesInterfaceKeys: { _ in true })
        let hostKey = try HostKey.make(state: state).publicKey
        services.hostRecipient = {
            Recipient(
                name: "gateway", key: hostKey, role: .host, location: SourceLocation(path: "", line: 1, column: 1))
        }
        self.services = services
        _ = try await host.pass(PassOptions(trigger: "begin"))
    }

    /// Does a request as the router would.
    func call(
        _ method: HTTPRequest.Method, _ target: String, _ body: String = "", as principal: Principal = admin,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        let halves = target.split(separator: "?", maxSplits: 1).map(String.init)
        let found = Operations.all.lazy.compactMap { operation in
            operation.method == method
                ? PathPattern.parameters(of: halves[0], in: operation.path).map { (operation, $0) } : nil
        }.first
        let (operation, parameters) = try #require(found)
        var query: [String: String] = [:]
        for pair in halves.count == 2 ? halves[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
            query[sides[0]] = sides.count == 2 ? sides[1] : ""
        }
        let request = APIRequest(
            principal: principal, path: parameters, query: query, headers: headers, body: Array(body.utf8), id: "req-1")
        do {
            #expect(query.keys.allSatisfy(operation.query.contains))
            return Answer(try await operation.handler(request, services))
        } catch let failure as APIFailure {
            return Answer(failure)
        }
    }

    /// The number of commits.
    func commits() throws -> Int { try Int(directory.git("rev-list", "--count", "HEAD")) ?? 0 }
}

/// What a request was answered.
struct Answer {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]
    let json: JSONValue
    let message: String

    init(_ response: APIResponse) {
        status = response.status.code
        headers = response.headers
        switch response.body {
        case .bytes(let content): bytes = content
        case .kept(let buffer): bytes = Array(buffer.readableBytesView)
        case .stream: bytes = []
        }
        json = Self.read(bytes)
        message = json["message"].text
    }

    init(_ failure: APIFailure) {
        status = failure.status.code
        headers = failure.headers
        bytes = []
        json = .object([("message", .string(failure.message)), ("details", failure.details ?? .null)])
        message = failure.message
    }

    var data: JSONValue { json["data"] ?? .null }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// `reconcile`, also that of a failure.
    var reconcile: JSONValue { json["reconcile"] ?? json["details"]?["reconcile"] ?? .null }

    private static func read(_ bytes: [UInt8]) -> JSONValue {
        guard let body = try? JSONBody(bytes) else { return .null }
        return .object(body.keys.map { ($0, body[$0] ?? .null) })
    }
}

extension JSONValue? {
    /// The text, or nothing.
    var text: String { if case .string(let text)? = self { text } else { "" } }
    /// The number, or nothing.
    var number: Int { if case .integer(let number)? = self { Int(number) } else { -1 } }
    /// The elements.
    var items: [JSONValue] { if case .array(let items)? = self { items } else { [] } }
}

/// What a gateway says of itself, where nobody asks.
private struct Facts: GatewayFacts {
    let hostName = "gw1"
    let config: String
    let state: String
    var daemon: String? { nil }

    func repository() async -> RepositoryFacts { RepositoryFacts() }

    func system() -> SystemFacts { SystemFacts.observed(state: state, now: SystemClock().now()) }
}
