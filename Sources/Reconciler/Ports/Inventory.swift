public import Model

/// What we own and what we did last. `Database` implements it; every write is on disk when the call returns.
public protocol Inventory: Sendable {
    /// Everything the planner needs, in one read.
    func snapshot() async throws -> InventorySnapshot

    /// Records that a link is about to be created or adopted, before it is.
    func recordIntent(_ interface: OwnedInterface) async throws
    /// Records the outcome of an intent (index, state), or that the interface is no longer ours.
    func recordOutcome(_ interface: OwnedInterface) async throws
    /// Forgets an interface that is gone.
    func forgetInterface(_ name: String) async throws

    /// Records what was applied and read back: digests by object; nil removes an entry. One transaction.
    func recordApplied(_ digests: [ObjectID: String?]) async throws
    /// Records the structure of our nftables table as read back; nil when there is none.
    func recordFirewall(_ structure: FirewallStructure?) async throws
    /// Records the value a kernel parameter had before we first wrote it, and the value we wrote; nil forgets it.
    func recordSysctl(_ sysctl: Sysctl, _ ownership: SysctlOwnership?) async throws

    /// Remembers the last endpoints of peers. Called at most every 5 minutes and at stop.
    func rememberEndpoints(_ endpoints: [PeerID: SocketAddress]) async throws
    /// Records who the declared peers are (nil: gone), and since when addresses are free (nil: used again, or long
    /// enough free). One transaction.
    func recordPeers(_ peers: [PeerID: KnownPeer?], released: [TunnelAddress: Timestamp?]) async throws
    /// Records that the expiry of these peers was enforced, so that no clock un-expires them.
    func recordExpired(_ peers: [PeerID: Timestamp]) async throws

    /// Inserts or replaces an emergency revocation.
    func revoke(_ revocation: Revocation) async throws
    /// Removes an emergency revocation.
    func unrevoke(_ key: PublicKey) async throws
    /// Stores a consent: a change digest, or a ``NamedRemoval``.
    func approve(_ digest: String, at: Timestamp) async throws
    /// Takes consents back. One transaction.
    func withdraw(_ approvals: Set<String>) async throws
    /// Suspends the loop, or resumes it (nil).
    func setSuspension(_ suspension: Suspension?) async throws

    /// Records the result of a revision; the newest row per id wins.
    func recordRevision(_ record: RevisionRecord) async throws
    /// Replaces the conditions of the gateway and its objects.
    func recordConditions(_ conditions: [Condition]) async throws
    /// Records drift that was seen and drift that is gone. One transaction; drift of a fingerprint that stands is the
    /// same, and so is one that ended less than a day ago.
    func recordDrift(_ update: DriftUpdate) async throws
    /// A part of the history of drift.
    func driftHistory(_ filter: DriftFilter) async throws -> DriftHistory
    /// Appends events.
    func appendEvents(_ events: [Event]) async throws
    /// The newest events, newest first.
    func events(limit: Int) async throws -> [Event]
    /// The newest revisions, newest first.
    func revisions(limit: Int) async throws -> [RevisionRecord]
    /// Writes the time of the last pass. Called at most every 5 minutes and at stop.
    func recordLastPass(_ at: Timestamp) async throws
}

/// Everything the planner needs from the inventory.
public struct InventorySnapshot: Sendable {
    /// The interfaces we made or adopted, by name.
    public var interfaces: [String: OwnedInterface] = [:]
    /// The digest of what was last applied, by object.
    public var applied: [ObjectID: String] = [:]
    /// The structure of our table as read back after it was written.
    public var firewall: FirewallStructure?
    /// The kernel parameters we wrote.
    public var sysctls: [Sysctl: SysctlOwnership] = [:]
    /// The last endpoints seen.
    public var endpoints: [PeerID: SocketAddress] = [:]
    /// The peers of the revision that was applied, as long as anything of them is left.
    public var peers: [PeerID: KnownPeer] = [:]
    /// Addresses whose peer is gone, and since when.
    public var released: [TunnelAddress: Timestamp] = [:]
    /// Peers whose expiry was enforced, and the expiry.
    public var expired: [PeerID: Timestamp] = [:]
    /// Emergency revocations.
    public var revocations: [Revocation] = []
    /// Consents to change digests, and each ``NamedRemoval``.
    public var approvals: Set<String> = []
    /// The suspension in force.
    public var suspension: Suspension?
    /// The time of the last pass, as far as it was flushed.
    public var lastPass: Timestamp?
    /// The conditions recorded last.
    public var conditions: [Condition] = []
    /// Drift that was seen and has not ended, by fingerprint.
    public var standingDrift: [String: StandingDrift] = [:]
    /// The last revision that was applied without failure.
    public var lastApplied: RevisionRecord?
    /// The last revision that came into force without a window, or was confirmed; nil: none did.
    public var confirmed: String?
    /// The newest checkpoint.
    public var checkpoint: Checkpoint?
    /// What was rolled back and must not come back by itself.
    public var pins: [Pin] = []
    /// Peers that were revoked or removed by name since the checkpoint began: no restoring brings them back.
    public var keptOut: Set<PeerID> = []

    /// An empty inventory.
    public init() {}
}

/// The identity of a peer in the kernel.
public struct PeerID: Sendable, Hashable {
    /// The interface's name.
    public let interface: String
    /// The public key.
    public let publicKey: PublicKey

    /// An identity.
    public init(interface: String, publicKey: PublicKey) {
        self.interface = interface
        self.publicKey = publicKey
    }
}

/// What is remembered of a declared peer.
public struct KnownPeer: Sendable, Hashable {
    /// Its stable identifier: a rename keeps it, because the key does.
    public var id: String
    /// Its tunnel addresses.
    public var addresses: [IPAddress]

    /// A peer.
    public init(id: String, addresses: [IPAddress]) {
        self.id = id
        self.addresses = addresses
    }
}

/// An address in the tunnel of one interface.
public struct TunnelAddress: Sendable, Hashable {
    /// The interface's name.
    public let interface: String
    /// The address.
    public let address: IPAddress

    /// An address.
    public init(interface: String, address: IPAddress) {
        self.interface = interface
        self.address = address
    }
}

extension InventorySnapshot {
    /// How long an address is left alone after its peer is gone: 24 hours, so that nobody takes a new device for the one
    /// that had it. A full pool gives the oldest one out before that.
    public static let quarantine: Int64 = 86_400

    /// The addresses that a new peer should not get, by interface, the one that was freed first at the front: those
    /// that were freed less than 24 hours ago, then those of peers that are still known. A peer that the next revision
    /// removes is one of the latter, whether its removal was applied or not.
    public func quarantined(at now: Timestamp) -> [String: [IPAddress]] {
        var addresses: [String: [IPAddress]] = [:]
        // Ahead of the clock counts too: it was set back.
        let held = released.filter { $0.value.seconds > now.seconds - Self.quarantine }
        for (released, _) in held.sorted(by: { ($0.value, $0.key.address) < ($1.value, $1.key.address) }) {
            addresses[released.interface, default: []].append(released.address)
        }
        var known: [String: [IPAddress]] = [:]
        for (peer, value) in peers { known[peer.interface, default: []] += value.addresses }
        for (interface, list) in known { addresses[interface, default: []] += list.sorted() }
        return addresses
    }
}

/// An interface of ours.
public struct OwnedInterface: Sendable, Hashable {
    /// How it became ours.
    public enum Origin: String, Sendable, Hashable {
        /// We created it.
        case created
        /// It was there and we took it over with consent.
        case adopted
    }

    /// The name.
    public var name: String
    /// How it became ours.
    public var origin: Origin
    /// The boot and namespace it lives in.
    public var host: HostIdentity
    /// The index; nil while only the intent is recorded.
    public var index: Int?
    /// The implementation behind it.
    public var implementation: ObservedDevice.Implementation

    /// A row.
    public init(
        name: String, origin: Origin, host: HostIdentity, index: Int?, implementation: ObservedDevice.Implementation
    ) {
        self.name = name
        self.origin = origin
        self.host = host
        self.index = index
        self.implementation = implementation
    }
}

/// What a kernel parameter was before us and what we made it.
public struct SysctlOwnership: Sendable, Hashable {
    /// The value before our first write.
    public var prior: String
    /// The value we wrote.
    public var written: String

    /// An entry.
    public init(prior: String, written: String) {
        self.prior = prior
        self.written = written
    }
}

/// An emergency revocation of a key.
public struct Revocation: Sendable, Hashable {
    /// The key that is blocked on every interface.
    public var publicKey: PublicKey
    /// Until when.
    public var until: Timestamp
    /// Who asked for it.
    public var author: String

    /// A revocation.
    public init(publicKey: PublicKey, until: Timestamp, author: String) {
        self.publicKey = publicKey
        self.until = until
        self.author = author
    }
}

/// The result of a revision.
public struct RevisionRecord: Sendable, Hashable {
    /// The status of a revision.
    public enum Status: String, Sendable, Hashable {
        /// Seen, not yet applied.
        case pending
        /// Applied and read back.
        case applied
        /// Not applied, or not in full; `message` says why.
        case failed
        /// A newer revision came first.
        case superseded
    }

    /// The revision.
    public var id: String
    /// Its status.
    public var status: Status
    /// Why, for people; empty when there is nothing to say.
    public var message: String
    /// When the status was reached.
    public var at: Timestamp

    /// A record.
    public init(id: String, status: Status, message: String, at: Timestamp) {
        self.id = id
        self.status = status
        self.message = message
        self.at = at
    }
}

/// A condition of the gateway (`object` nil) or of one object.
public struct Condition: Sendable, Hashable {
    /// The types of conditions.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// In sync with the revision.
        case ready = "Ready"
        /// A pass is changing things.
        case reconciling = "Reconciling"
        /// It won't get better without a change of input or kernel.
        case stalled = "Stalled"
        /// Observed differs from what was applied.
        case drifted = "Drifted"
        /// The loop is suspended.
        case suspended = "Suspended"
        /// Something outside must happen first.
        case waiting = "Waiting"
        /// A foreign firewall chain drops our traffic.
        case blockedByFirewall = "BlockedByFirewall"
        /// A key is blocked by `revoke`.
        case revoked = "Revoked"
    }

    /// The object; nil = the gateway.
    public var object: ObjectID?
    /// The type.
    public var kind: Kind
    /// Whether it holds.
    public var holds: Bool
    /// What happened and what to do, for people.
    public var message: String
    /// Since when it is so.
    public var since: Timestamp

    /// A condition.
    public init(object: ObjectID?, kind: Kind, holds: Bool, message: String, since: Timestamp) {
        self.object = object
        self.kind = kind
        self.holds = holds
        self.message = message
        self.since = since
    }
}

/// Something the controller saw or did.
public struct Event: Sendable, Hashable {
    /// The types of events.
    public enum Kind: String, Sendable, Hashable {
        /// A revision was seen.
        case revision
        /// A change was applied.
        case applied
        /// Drift was found.
        case drift
        /// Drift was healed.
        case healed
        /// Something failed.
        case failure
        /// A rail refused.
        case rail
        /// A peer was revoked.
        case revocation
        /// The controller started, stopped, was suspended or resumed.
        case controller
    }

    /// When.
    public var at: Timestamp
    /// The pass it belongs to.
    public var pass: String
    /// The type.
    public var kind: Kind
    /// The object; nil = the gateway.
    public var object: ObjectID?
    /// The stable identifier of a peer; nil for other objects and peers that no manifest declared.
    public var peer: String?
    /// What happened, without secrets.
    public var message: String

    /// An event.
    public init(
        at: Timestamp, pass: String, kind: Kind, object: ObjectID?, peer: String? = nil, message: String
    ) {
        self.at = at
        self.pass = pass
        self.kind = kind
        self.object = object
        self.peer = peer
        self.message = message
    }
}
