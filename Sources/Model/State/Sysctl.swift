/// A kernel parameter below `/proc/sys`, named by its path: `net/ipv4/ip_forward`. Paths are used, not dots, because
/// names of links may contain dots.
public struct Sysctl: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The path below `/proc/sys`.
    public let path: String

    /// A parameter by its path below `/proc/sys`.
    public init(_ path: String) {
        self.path = path
    }

    /// IPv4 forwarding.
    public static let ipv4Forwarding = Sysctl("net/ipv4/ip_forward")
    /// IPv6 forwarding of all links.
    public static let ipv6Forwarding = Sysctl("net/ipv6/conf/all/forwarding")
    /// Whether marked packets take part in reverse path checks; a `/0` behind a peer needs it.
    public static let sourceValidMark = Sysctl("net/ipv4/conf/all/src_valid_mark")
    /// Whether connections that begin from now on have counters of bytes. It exists once the kernel tracks connections.
    public static let connectionAccounting = Sysctl("net/netfilter/nf_conntrack_acct")
    /// Router advertisements on a link: 2 accepts them although forwarding is on.
    public static func acceptRouterAdvertisements(_ link: String) -> Sysctl {
        Sysctl("net/ipv6/conf/\(link)/accept_ra")
    }
    /// Whether removing a primary address promotes a secondary one instead of removing it too.
    public static func promoteSecondaries(_ link: String) -> Sysctl {
        Sysctl("net/ipv4/conf/\(link)/promote_secondaries")
    }

    /// Orders by path.
    public static func < (a: Sysctl, b: Sysctl) -> Bool { a.path < b.path }

    /// The dotted form of `sysctl(8)`, in which a dot of a link name is written as `/`.
    public var description: String {
        String(path.map { $0 == "/" ? "." : $0 == "." ? "/" : $0 })
    }
}
