import Credentials
import Manifest
import Model
import Reconciler

/// A gateway as one tree of files left it, and what another tree would do to it.
struct RailSample {
    /// The files that were applied, by path.
    var applied: [String: String]
    /// What happened to the host since, in the words of ``HostScript``.
    var script = ""
    /// What was consented to.
    var approvals: Set<String> = []

    /// The plan for other files; nil for a tree that is not valid, which never comes as far as a plan.
    func plan(_ files: [String: String]) throws -> Plan? { try input(files).map(Self.plan) }

    static func plan(_ input: PlanInput) -> Plan { Planner(digest: BLAKE2b256()).plan(input) }

    /// What the plan for other files follows from.
    func input(_ files: [String: String]) throws -> PlanInput? {
        guard let catalog = Self.catalog(files) else { return nil }
        var host = HostScript(applied: nil, now: GoldenCase.now)
        guard let before = Self.catalog(applied) else { throw HostScript.Failure(description: "applied is not valid") }
        host = HostScript(applied: GoldenCase.compile(before, on: host), now: GoldenCase.now)
        try host.run(script, now: GoldenCase.now)
        var input = PlanInput(
            revision: "0123456789ab", desired: GoldenCase.compile(catalog, on: host), observed: host.observed,
            inventory: host.inventory, limits: catalog.settings.reconcile, now: GoldenCase.now)
        input.approvals = approvals
        return input
    }

    /// The rails that refuse other files; nil for a tree that is not valid.
    func rails(_ files: [String: String]) throws -> [String]? { try plan(files)?.refusals.map(\.rail) }

    private static func catalog(_ files: [String: String]) -> Catalog? {
        let parsed = files.map { Manifest.parse(path: $0.key, bytes: Array($0.value.utf8)) }
        return Manifest.assemble(parsed, now: GoldenCase.now).catalog
    }
}

/// Documents of the tables.
enum RailDocuments {
    static func interface(_ name: String = "wg0", port: Int = 51820, _ more: String = "") -> String {
        "kind: Interface\nname: \(name)\naddress: [10.\(name.utf8.last ?? 0).0.1/24]\nlisten_port: \(port)\n\(more)"
    }

    static func peer(_ number: UInt8, of interface: String = "wg0", _ more: String = "") -> String {
        let key = PublicKey(bytes: [UInt8](repeating: number, count: 32))
        return """
            kind: Peer
            name: p\(number)
            interface: \(interface)
            ip: [10.\(interface.utf8.last ?? 0).0.\(number)]
            public_key: \(key.map(\.description) ?? "")
            \(more)
            """
    }

    /// `wg set` lines that make sessions of these peers live.
    static func handshakes(_ numbers: ClosedRange<UInt8>, on interface: String = "wg0") -> String {
        numbers.compactMap { PublicKey(bytes: [UInt8](repeating: $0, count: 32)) }
            .map { "wg set \(interface) peer \($0) handshake 5" }.joined(separator: "\n")
    }

    static func user(_ name: String, role: String = "admin", enabled: Bool = true) -> String {
        """
        kind: User
        username: \(name)
        email: \(name)@example.com
        role: \(role)
        enabled: \(enabled)
        password_hash: $argon2id$v=19$m=65536,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY
        """
    }
}
