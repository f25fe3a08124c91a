public import Model

/// What the host should look like: the catalog of a revision compiled with the facts of the host, in the terms of the
/// kernel. Comparing it with ``Model/ObservedState`` is the planner's whole work.
public struct DesiredState: Sendable {
    /// The interfaces, sorted by name.
    public var interfaces: [DesiredInterface] = []
    /// The routes of all interfaces.
    public var routes: [Route] = []
    /// The policy rules of all interfaces, without duplicates.
    public var rules: [Rule] = []
    /// The firewall table; nil when there is no enabled interface.
    public var firewall: FirewallTable?
    /// Rules in chains of other firewall programs, sorted.
    public var foreignRules: [ForeignRule] = []
    /// Kernel parameters and the values they should have.
    public var sysctls: [Sysctl: String] = [:]
    /// Declared peers that must not be in the kernel, and why.
    public var revoked: [PeerID: RevokedPeer] = [:]
    /// Every declared peer, revoked ones too.
    public var peers: [PeerID: KnownPeer] = [:]
    /// Keys that are blocked on every interface by an emergency revocation.
    public var blockedKeys: Set<PublicKey> = []
    /// What the database should hold of the repository; nil: it is left as it is.
    public var projections: DesiredProjections?
    /// The documents that the firewall enforces, as plans speak of them.
    var policies = DesiredPolicies()
    /// Objects that could not be compiled, with the reason. Nothing of them is changed.
    public var problems: [ObjectID: String] = [:]

    /// An empty state: nothing of ours exists.
    public init() {}
}

/// A declared peer that must not be in the kernel.
public struct RevokedPeer: Sendable, Hashable {
    /// Why.
    public enum Cause: Sendable, Hashable {
        /// `enabled: false`.
        case disabled
        /// `expires_at` has passed.
        case expired(Timestamp)
        /// `wirebuddy revoke`.
        case emergency
    }

    /// The peer's name in plans: `interface/name`.
    public let name: String
    /// Why.
    public let cause: Cause
}

/// An interface in the kernel's terms.
public struct DesiredInterface: Sendable {
    /// The name.
    public var name: String
    /// The declared implementation.
    public var backend: BackendChoice
    /// The MTU in bytes.
    public var mtu: Int
    /// Whether the link is up.
    public var isUp: Bool
    /// The addresses, sorted.
    public var addresses: [InterfaceAddress]
    /// The private key; nil when the host has still to generate it.
    public var privateKey: SecretKey?
    /// The UDP port.
    public var listenPort: UInt16
    /// The mark; 0 = none.
    public var fwmark: UInt32
    /// The peers that may connect, sorted by public key.
    public var peers: [DesiredPeer]
    /// What happens to peers that no manifest declares; nil = the default for created or adopted interfaces.
    public var unmanagedPeers: UnmanagedPeers?
    /// Consent to adoption by the manifest.
    public var adopt: Bool
    /// What the loop does about drift.
    public var drift: DriftPolicy
    /// The digest of all compared fields but the peers, hexadecimal.
    public var digest: String
    /// What its devices know it by, as the inventory keeps it.
    var identity = ""
}

/// A peer in the kernel's terms.
public struct DesiredPeer: Sendable {
    /// The identity.
    public var publicKey: PublicKey
    /// The name in plans: `interface/name`.
    public var name: String
    /// The preshared key; nil = none.
    public var presharedKey: SecretKey?
    /// The pinned endpoint as resolved; nil when none is pinned or its name has no address yet.
    public var endpoint: SocketAddress?
    /// The pinned endpoint as declared, `host:port`; nil when none is pinned.
    public var declaredEndpoint: String?
    /// Whether the pinned endpoint is a name, whose address may change.
    public var endpointIsName: Bool
    /// Seconds between keepalives from the gateway; 0 = off.
    public var persistentKeepalive: UInt16
    /// The allowed IPs, sorted, without duplicates.
    public var allowedIPs: [Prefix]
    /// What the forwarder does for it, which the kernel knows nothing of.
    public var dns: PeerDNSFields
    /// The digest of all fields that are compared with the kernel but the endpoint, hexadecimal.
    public var digest: String
}
