public import Model

/// One thing a backend does. A plan consists of these values and apply executes the same values, so what people saw is
/// what happens.
public enum Operation: Sendable {
    /// Creates a WireGuard link, down, with our mark and MTU. Fails when a link of that name exists.
    case createLink(LinkCreation)
    /// Deletes a link; for userspace the program behind it ends too. A link that is gone is success.
    case deleteLink(LinkReference)
    /// Changes the link's MTU, state or mark; nil fields stay.
    case setLink(LinkReference, LinkChange)
    /// Adds an address; one that is there already is success.
    case addAddress(LinkReference, InterfaceAddress)
    /// Removes an address; one that is gone is success. `promote_secondaries` was set before where others must stay.
    case removeAddress(LinkReference, InterfaceAddress)
    /// Sets the device's private key, port or mark; nil fields stay.
    case configureDevice(LinkReference, DeviceChange)
    /// Applies peer operations in order, packed into as few messages as possible. Never replaces the peer list.
    case configurePeers(LinkReference, [PeerOperation])
    /// Adds a route with our protocol.
    case addRoute(Route)
    /// Deletes a route; one that is gone is success.
    case removeRoute(Route)
    /// Adds a rule with our protocol.
    case addRule(Rule)
    /// Deletes a rule; one that is gone is success.
    case removeRule(Rule)
    /// Replaces the whole table `inet wirebuddy` in one transaction.
    case replaceFirewall(FirewallTable)
    /// Adds and removes set members in one transaction; structure stays.
    case changeFirewallElements(add: FirewallElements, remove: FirewallElements)
    /// Deletes our table; one that is gone is success.
    case deleteFirewall
    /// Adds and removes rules of ours in chains of other firewall programs. One that is there or gone already is success.
    case changeForeignRules(add: [ForeignRule], remove: [ForeignRule])
    /// Writes a kernel parameter and reads it back.
    case setSysctl(Sysctl, value: String)
    /// Writes the row of a user, and ends what he may no longer use. ``Projections`` does it.
    case projectUser(ProjectedUser)
    /// Deletes the row of a user, with his sessions and tokens; one that is gone is success. ``Projections`` does it.
    case removeUser(id: String)
    /// Replaces the rows of the API's settings. ``Projections`` does it.
    case projectSettings([String: String])
    /// Writes the rows of the DNS forwarder's policy that differ, in one transaction. ``Projections`` does it.
    case projectDNS(DNSDifference)
    /// Records what the forwarder does for peers of an interface from now on: it reads that from the revision itself, so
    /// nothing else is to be done. ``Inventory`` does it.
    case recordPeerDNS(interface: String, [PublicKey: PeerDNSFields])
    /// Records which `Access` and `Forward` documents the firewall enforces from now on; nil: it is gone. What they became
    /// is written by other operations. ``Inventory`` does it.
    case recordPolicies([ObjectID: String?])
}

/// Which link an operation is about.
public struct LinkReference: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The index when the link was seen by the plan: a link of that name with another index is refused. Nil for a link
    /// that the same plan creates.
    public let index: Int?

    /// A reference.
    public init(name: String, index: Int?) {
        self.name = name
        self.index = index
    }
}

/// A link to create.
public struct LinkCreation: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The implementation, already chosen.
    public let implementation: ObservedDevice.Implementation
    /// The MTU in bytes.
    public let mtu: Int

    /// A link to create.
    public init(name: String, implementation: ObservedDevice.Implementation, mtu: Int) {
        self.name = name
        self.implementation = implementation
        self.mtu = mtu
    }
}

/// A change of a link's attributes; nil fields stay.
public struct LinkChange: Sendable, Hashable {
    /// The MTU in bytes.
    public var mtu: Int?
    /// The administrative state.
    public var isUp: Bool?
    /// The alias.
    public var alias: String?

    /// A change.
    public init(mtu: Int? = nil, isUp: Bool? = nil, alias: String? = nil) {
        self.mtu = mtu
        self.isUp = isUp
        self.alias = alias
    }
}

/// A change of a WireGuard device's attributes; nil fields stay.
public struct DeviceChange: Sendable {
    /// The private key.
    public var privateKey: SecretKey?
    /// The UDP port.
    public var listenPort: UInt16?
    /// The mark; 0 clears it.
    public var fwmark: UInt32?

    /// A change.
    public init(privateKey: SecretKey? = nil, listenPort: UInt16? = nil, fwmark: UInt32? = nil) {
        self.privateKey = privateKey
        self.listenPort = listenPort
        self.fwmark = fwmark
    }
}

/// What is done to one peer. Absent values stay as they are in the kernel.
public struct PeerOperation: Sendable {
    /// How the peer is addressed.
    public enum Action: Sendable, Hashable {
        /// Creates the peer (or completes one of that key).
        case add
        /// Changes the peer only if it exists (`WGPEER_F_UPDATE_ONLY`).
        case update
        /// Removes the peer.
        case remove
    }

    /// A preshared key or none.
    public enum PresharedKey: Sendable {
        /// Sent as 32 zero bytes.
        case none
        /// This key.
        case key(SecretKey)
    }

    /// The identity.
    public var publicKey: PublicKey
    /// How the peer is addressed.
    public var action: Action
    /// The preshared key to set.
    public var presharedKey: PresharedKey?
    /// The endpoint to set: a pinned one, or the last one seen when the peer is re-created.
    public var endpoint: SocketAddress?
    /// Seconds between keepalives to set; 0 = off.
    public var persistentKeepalive: UInt16?
    /// Allowed IPs to add. A prefix that another peer has moves here.
    public var addAllowedIPs: [Prefix]
    /// Allowed IPs to take away without touching the peer's others: by the kernel's per-IP flag where it exists, else by
    /// handing them to a throwaway peer that the same message removes. `REPLACE_ALLOWEDIPS` is never sent to a live peer.
    public var removeAllowedIPs: [Prefix]
    /// After everything else: keepalive 25 and back to the value before, so that the gateway starts the handshake itself.
    public var wake: Bool

    /// An operation.
    public init(
        _ action: Action, publicKey: PublicKey, presharedKey: PresharedKey? = nil, endpoint: SocketAddress? = nil,
        persistentKeepalive: UInt16? = nil, addAllowedIPs: [Prefix] = [], removeAllowedIPs: [Prefix] = [],
        wake: Bool = false
    ) {
        self.action = action
        self.publicKey = publicKey
        self.presharedKey = presharedKey
        self.endpoint = endpoint
        self.persistentKeepalive = persistentKeepalive
        self.addAllowedIPs = addAllowedIPs
        self.removeAllowedIPs = removeAllowedIPs
        self.wake = wake
    }

    /// Whether an update changes nothing: a peer that only lost prefixes to other peers of the same plan.
    public var isEmpty: Bool {
        action == .update && presharedKey == nil && endpoint == nil && persistentKeepalive == nil
            && addAllowedIPs.isEmpty && removeAllowedIPs.isEmpty && !wake
    }
}

/// The whole table to write.
public struct FirewallTable: Sendable, Hashable {
    /// The structure.
    public let policy: FirewallPolicy
    /// The digest of the policy, hexadecimal; written into the table's comment.
    public let policyDigest: String
    /// The members of all sets.
    public let elements: FirewallElements

    /// A table.
    public init(policy: FirewallPolicy, policyDigest: String, elements: FirewallElements) {
        self.policy = policy
        self.policyDigest = policyDigest
        self.elements = elements
    }
}
