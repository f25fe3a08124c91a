import Model

@testable import Manifest

/// An object that bodies change: its document, and what the API shows of it.
struct Sample: Sendable {
    let kind: ResourceKind
    let document: String
    let shown: JSONValue?

    private init(_ kind: ResourceKind, _ fields: String) {
        self.kind = kind
        document = "kind: \(kind.rawValue)\n" + fields
        let file = Manifest.parse(path: "object.yaml", bytes: Array(document.utf8), dnsSyntax: AnyRule())
        precondition(file.problems.isEmpty, "the sample of \(kind): \(file.problems.map { $0.render() })")
        shown = Self.shown(file)
    }

    private static let key = "uFmW/sycfx/G0lcqdu2hHVm80gvo5UOxXOS9hajnWjM="

    static let all = [
        Sample(.interface, "name: wg0\naddress: [10.8.0.1/24, \"fd42:8::1/64\"]\nlisten_port: 51820\nlabels: {a: b}\n"),
        Sample(
            .peer,
            "name: phone\ninterface: wg0\nip: [10.8.0.2, \"fd42:8::2\"]\npublic_key: \(key)\nroutes: 172.16.0.0/16\n"),
        Sample(.user, "username: root\nrole: admin\n"),
        Sample(.settings, "public_endpoint: vpn.example.com\nreconcile:\n  interval: 30s\n"),
        Sample(.dnsSettings, "enabled: true\nupstreams: [udp://192.0.2.53:53]\n"),
        Sample(.blocklist, "name: ads\nurl: https://lists.example.com/ads.txt\nformat: hosts\n"),
        Sample(.dnsRule, "action: block\ndomain: ads.example.com\n"),
        Sample(.access, "name: staff\nfrom:\n  labels: {team: ops}\nto: 10.20.0.0/24\nports: tcp/443\n"),
        Sample(.forward, "name: web\nport: 443\nto:\n  peer: phone\n"),
    ]

    /// The only object of a file as the API shows it.
    static func shown(_ file: ParsedFile) -> JSONValue? {
        guard file.objects.count == 1 else { return nil }
        let entries: [(String, JSONValue)]? =
            switch file.objects[0] {
            case .interface(let declared): Manifest.json(of: declared.object)
            case .peer(let declared): Manifest.json(of: declared.object)
            case .user(let declared): Manifest.json(of: declared.object)
            case .settings(let declared): Manifest.json(of: declared.object)
            case .dnsSettings(let declared): Manifest.json(of: declared.object)
            case .blocklist(let declared): Manifest.json(of: declared.object)
            case .dnsRule(let declared): Manifest.json(of: declared.object)
            case .access(let declared): Manifest.json(of: declared.object)
            case .forward(let declared): Manifest.json(of: declared.object)
            case .recipients, .dnsRules, .approval, .acknowledgement: nil
            }
        return entries.map { .object($0) }
    }
}

/// Takes every rule: what rules mean is no question of bodies.
struct AnyRule: DNSRuleSyntax {
    func fault(inDomain domain: String) -> String? { nil }
    func fault(inFilterLine line: String) -> String? { nil }
}
