public import Model

/// What `wirebuddy status` shows: the gateway as it is, and what the reconciler thinks of it.
public struct StatusReport: Sendable {
    /// How the command ends.
    public var exitCode = ExitCode.success
    /// When the host was looked at.
    public var at: Timestamp
    /// The directory of the configuration.
    public var config: String
    /// The state directory.
    public var state: String
    /// The head of the repository, as far as it could be read.
    public var head: Head?
    /// How the branch and the remote's stand to each other; nil without a remote.
    public var remote: Remote?
    /// Why the head can't be used; one line each.
    public var headProblems: [String] = []
    /// The last revision that was applied without failure.
    public var lastApplied: RevisionRecord?
    /// The last revision that was tried.
    public var lastAttempted: RevisionRecord?
    /// The time of the last pass, as far as it was flushed.
    public var lastPass: Timestamp?
    /// Who runs as the daemon; nil = nobody.
    public var daemon: String?
    /// The suspension in force.
    public var suspension: Suspension?
    /// The newest checkpoint, unless it was confirmed; nil: none.
    public var checkpoint: Checkpoint?
    /// That the change windows of the revision in force are closed; nil: they are open, or it has none.
    public var window: ClosedWindow?
    /// Emergency revocations in force.
    public var revocations: [Revocation] = []
    /// The conditions of the gateway and its objects.
    public var conditions: [Condition] = []
    /// The interfaces of ours, sorted by name.
    public var interfaces: [InterfaceStatus] = []
    /// Why the host could not be looked at; `interfaces` is then empty.
    public var unobserved: String?
    /// How traffic and flows are counted; nil: nobody does, as the daemon does not run, or it was not asked.
    public var telemetry: TelemetryStatus?
    /// The newest events, newest first.
    public var events: [Event] = []

    /// A report without findings.
    public init(at: Timestamp, config: String, state: String) {
        self.at = at
        self.config = config
        self.state = state
    }

    /// The remote of the repository.
    public struct Remote: Sendable, Hashable {
        /// The remote, without passwords.
        public var name: String
        /// `in_sync`, `ahead`, `behind`, `diverged`, `unreachable` or `unknown`.
        public var state: String
        /// How many commits here it lacks.
        public var ahead: Int
        /// How many of its commits are not here yet.
        public var behind: Int
        /// Since when it is diverged or unreachable.
        public var since: Timestamp?
        /// Why, and what to do.
        public var reason: String
        /// When it was last looked at.
        public var checked: Timestamp?

        /// A remote.
        public init(
            name: String, state: String, ahead: Int, behind: Int, since: Timestamp?, reason: String, checked: Timestamp?
        ) {
            self.name = name
            self.state = state
            self.ahead = ahead
            self.behind = behind
            self.since = since
            self.reason = reason
            self.checked = checked
        }
    }

    /// The head of the repository.
    public struct Head: Sendable, Hashable {
        /// A commit id or digest.
        public var id: String
        /// What kind of place it comes from.
        public var origin: String
        /// Files with uncommitted edits, which are not applied.
        public var edited: [String]
        /// What is unusual about the worktree: another branch is checked out, a merge is under way.
        public var notes: [String]

        /// A head.
        public init(id: String, origin: String, edited: [String] = [], notes: [String] = []) {
            self.id = id
            self.origin = origin
            self.edited = edited
            self.notes = notes
        }
    }
}

/// One interface in a status report.
public struct InterfaceStatus: Sendable {
    /// The name.
    public var name: String
    /// The implementation behind it; nil when there is no device.
    public var implementation: ObservedDevice.Implementation?
    /// Whether the link is up.
    public var isUp: Bool
    /// The public key.
    public var publicKey: PublicKey?
    /// The UDP port.
    public var listenPort: UInt16?
    /// The MTU in bytes.
    public var mtu: Int?
    /// The addresses.
    public var addresses: [InterfaceAddress]
    /// The peers in the kernel: by last handshake, newest first, then by name.
    public var peers: [PeerStatus]

    /// The status of an interface of this name, from what was observed.
    ///
    /// - Parameters:
    ///   - names: The names of declared peers by public key; another peer is shown by its key.
    ///   - ids: Their stable identifiers.
    public init(
        _ name: String, observed: ObservedState, names: [PublicKey: String], ids: [PublicKey: String] = [:]
    ) {
        let link = observed.links.first { $0.name == name }
        let device = observed.devices[name]
        self.name = name
        implementation = device?.implementation
        isUp = link?.isUp ?? false
        publicKey = device?.publicKey
        listenPort = device?.listenPort
        mtu = link?.mtu
        addresses = link?.addresses ?? []
        peers = (device?.peers ?? []).map { peer in
            PeerStatus(
                name: names[peer.publicKey], id: ids[peer.publicKey], publicKey: peer.publicKey,
                endpoint: peer.endpoint,
                allowedIPs: peer.allowedIPs, lastHandshake: peer.lastHandshake,
                isLive: peer.isLive(at: observed.takenAt), receivedBytes: peer.receivedBytes,
                sentBytes: peer.sentBytes)
        }
        peers.sort { a, b in
            let (x, y) = (a.lastHandshake?.seconds ?? .min, b.lastHandshake?.seconds ?? .min)
            return x != y ? x > y : (a.name ?? "\u{10FFFF}") < (b.name ?? "\u{10FFFF}")
        }
    }
}

/// One peer in a status report.
public struct PeerStatus: Sendable {
    /// The name; nil when no manifest declares it.
    public var name: String?
    /// The stable identifier; nil when no manifest declares it.
    public var id: String?
    /// The public key.
    public var publicKey: PublicKey
    /// The endpoint, configured or learned.
    public var endpoint: SocketAddress?
    /// The allowed IPs.
    public var allowedIPs: [Prefix]
    /// The last handshake.
    public var lastHandshake: Timestamp?
    /// Whether a session is alive.
    public var isLive: Bool
    /// Bytes received from the peer.
    public var receivedBytes: UInt64
    /// Bytes sent to the peer.
    public var sentBytes: UInt64
}
