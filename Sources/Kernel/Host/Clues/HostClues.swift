public import Model
public import Reconciler

/// Looks for other programs that write what is ours, in what they leave on the host: who manages the link, whose routes go
/// through it, which file sets the parameter. It is asked only when drift is new.
public struct HostClues: WriterClues {
    private let files: HostFiles

    /// Clues of this host.
    public init() { files = HostFiles() }

    /// Clues of the files below `root`.
    init(root: String) { files = HostFiles(root: root) }

    /// The likely writers of drift, by object.
    public func writers(of drift: [Change], in observed: ObservedState) -> [ObjectID: LikelyWriter] {
        let programs = runningPrograms()
        let links = Dictionary(observed.links.map { ($0.name, $0.index) }) { first, _ in first }
        var byLink: [String: LikelyWriter?] = [:]
        var writers: [ObjectID: LikelyWriter] = [:]
        for change in drift where writers[change.object] == nil {
            switch change.object.kind {
            case .interface, .peer, .route:
                guard let name = Self.link(of: change.object), let index = links[name] else { continue }
                let owner = byLink[name] ?? linkOwner(name, index, programs)
                byLink[name] = .some(owner)
                if let owner {
                    writers[change.object] = owner
                } else if change.object.kind == .route {
                    writers[change.object] = routeOwner(name, observed.routes)
                }
            case .sysctl: writers[change.object] = parameterOwner(change)
            case .firewall: writers[change.object] = rulesetOwner(change)
            case .rule, .access, .forward, .user, .settings, .dnsSettings, .blocklist, .dnsRule: continue
            }
        }
        return writers
    }

    private static func link(of object: ObjectID) -> String? {
        switch object.kind {
        case .interface: return object.name
        case .peer: return object.name.split(separator: "/").first.map(String.init)
        default:
            let words = object.name.split(separator: " ")
            guard let dev = words.firstIndex(of: "dev"), dev + 1 < words.endIndex else { return nil }
            return String(words[dev + 1])
        }
    }

    /// The names of the programs that run, as the kernel knows them: 15 bytes at most.
    private func runningPrograms() -> Set<String> {
        var programs: Set<String> = []
        for name in files.names(in: "/proc") where name.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        {
            if let program = files.lines("/proc/\(name)/comm").first { programs.insert(program) }
        }
        return programs
    }

    /// A program that runs and says that it manages the link.
    private func linkOwner(_ name: String, _ index: Int, _ programs: Set<String>) -> LikelyWriter? {
        if programs.contains("systemd-network") {
            let state = values("/run/systemd/netif/links/\(index)")
            if let file = state["NETWORK_FILE"], state["ADMIN_STATE"] != "unmanaged" {
                return LikelyWriter(name: "systemd-networkd", evidence: "it runs and configures \(name) by \(file)")
            }
        }
        if programs.contains("NetworkManager"),
            values("/run/NetworkManager/devices/\(index)")["managed"] == "true"
        {
            return LikelyWriter(name: "NetworkManager", evidence: "it runs and manages \(name)")
        }
        return nil
    }

    /// A routing daemon whose routes go through the link.
    private func routeOwner(_ link: String, _ routes: [Route]) -> LikelyWriter? {
        let own = routes.lazy.filter { $0.interface == link && $0.routeProtocol != Route.ownProtocol }
        guard let number = own.map(\.routeProtocol).filter({ Self.routingDaemons[$0] != nil }).min(),
            let name = Self.routingDaemons[number]
        else { return nil }
        return LikelyWriter(name: name, evidence: "routes of its protocol (\(number)) go through \(link)")
    }

    /// Protocols of routes that belong to a program (`/etc/iproute2/rt_protos`); not those that anybody's `ip` writes.
    private static let routingDaemons: [UInt8: String] = [
        11: "Zebra", 12: "BIRD", 16: "a DHCP client", 18: "keepalived", 42: "Babel", 84: "OVN", 186: "BGP",
        187: "IS-IS",
        188: "OSPF", 189: "RIP", 192: "EIGRP",
    ]

    /// A file that sets the parameter to the very value that was seen.
    private func parameterOwner(_ change: Change) -> LikelyWriter? {
        guard let seen = change.fields.first?.before else { return nil }
        let directories = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"]
        let paths = directories.flatMap { directory in
            files.names(in: directory).filter { $0.hasSuffix(".conf") }.map { "\(directory)/\($0)" }
        }
        for path in ["/etc/ufw/sysctl.conf", "/etc/sysctl.conf"] + paths where sets(change.object.name, seen, in: path)
        {
            let name = path.hasPrefix("/etc/ufw/") ? "ufw" : "sysctl or systemd-sysctl"
            return LikelyWriter(name: name, evidence: "\(path) sets \(change.object.name) to \(seen)")
        }
        return nil
    }

    /// A service that takes every table away when it is reloaded, where our whole table is gone.
    private func rulesetOwner(_ change: Change) -> LikelyWriter? {
        guard change.action == .create, change.fields.contains(where: { $0.field == "structure" && $0.before == nil }),
            files.names(in: "/etc/systemd/system/sysinit.target.wants").contains("nftables.service"),
            files.lines("/etc/nftables.conf").contains("flush ruleset")
        else { return nil }
        return LikelyWriter(
            name: "nftables.service",
            evidence: "it is enabled, and /etc/nftables.conf holds flush ruleset, so a reload takes our table away")
    }

    private func sets(_ parameter: String, _ value: String, in path: String) -> Bool {
        values(path).contains { key, written in
            // man 5 sysctl.d: dots or slashes, and a dash in front where failures don't matter.
            let name = key.hasPrefix("-") ? key.dropFirst() : key[...]
            return written == value && Self.slashed(name) == Self.slashed(parameter[...])
        }
    }

    private static func slashed(_ name: Substring) -> [UInt8] {
        name.utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "/") : $0 }
    }

    /// The lines `key = value` of a file; the last one of a key counts.
    private func values(_ path: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in files.lines(path) where !line.hasPrefix("#") && !line.hasPrefix(";") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let key = line[..<equals].filter { $0 != " " && $0 != "\t" }
            values[String(key)] = String(line[line.index(after: equals)...].drop { $0 == " " || $0 == "\t" })
        }
        return values
    }
}
