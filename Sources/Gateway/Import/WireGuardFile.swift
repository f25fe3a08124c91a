public import Model

/// A configuration of `wg(8)` or `wg-quick(8)`: one interface and its peers, every value read.
public struct WireGuardFile: Sendable {
    /// `[Interface]`; several sections count as one, as for `wg`.
    public struct InterfaceSection: Sendable {
        /// `PrivateKey`.
        public var privateKey: SecretKey?
        /// `ListenPort`.
        public var listenPort: UInt16?
        /// `FwMark`; 0 for `off`.
        public var fwmark: UInt32?
        /// `Address`.
        public var address: [InterfaceAddress] = []
        /// The addresses of `DNS`.
        public var dns: [IPAddress] = []
        /// The search domains of `DNS`.
        public var dnsSearch: [String] = []
        /// `MTU`.
        public var mtu: Int?
        /// `Table`.
        public var table: RouteTable?
        /// The line of `SaveConfig = true`.
        public var saveConfigLine: Int?
        /// `PreUp`, `PostUp`, `PreDown` and `PostDown` in the order of the file.
        public var hooks: [Hook] = []

        /// An empty section.
        public init() {}
    }

    /// A line that `wg-quick` gives to the shell.
    public struct Hook: Sendable {
        /// When it runs.
        public enum Phase: String, Sendable, Hashable {
            /// Before the interface is made.
            case preUp = "PreUp"
            /// After it is up.
            case postUp = "PostUp"
            /// Before it goes.
            case preDown = "PreDown"
            /// After it went.
            case postDown = "PostDown"
        }

        /// When it runs.
        public let phase: Phase
        /// The line in the file.
        public let line: Int
        /// The command with `%i` as written.
        public let command: String

        /// A hook.
        public init(_ phase: Phase, line: Int, command: String) {
            self.phase = phase
            self.line = line
            self.command = command
        }
    }

    /// `[Peer]`.
    public struct PeerSection: Sendable {
        /// The line of `[Peer]`; nil for a peer of the kernel.
        public var line: Int?
        /// `PublicKey`.
        public var publicKey: PublicKey
        /// `PresharedKey`; nil when it is absent or all zeros.
        public var presharedKey: SecretKey?
        /// `AllowedIPs` in the order written, without duplicates.
        public var allowedIPs: [Prefix] = []
        /// `Endpoint`.
        public var endpoint: Endpoint?
        /// `PersistentKeepalive`; 0 for `off`.
        public var persistentKeepalive: UInt16?
        /// The name that the comments give it.
        public var name: String?

        /// A peer.
        public init(publicKey: PublicKey) {
            self.publicKey = publicKey
        }
    }

    /// Where it was read: a path, or `kernel`.
    public var origin: String
    /// The interface.
    public var interface: InterfaceSection
    /// The peers, in the order of the file.
    public var peers: [PeerSection]
    /// What is odd about the file.
    public var warnings: [ImportFinding]

    /// A configuration that was read elsewhere.
    public init(origin: String, interface: InterfaceSection, peers: [PeerSection]) {
        self.origin = origin
        self.interface = interface
        self.peers = peers
        warnings = []
    }

    /// Reads a file: `wg-quick(8)`, `wg setconf`, or what `wg showconf` prints.
    ///
    /// - Throws: ``ImportFailure`` with every problem and its line; a line with a key is never shown.
    public init(origin: String, bytes: [UInt8]) throws(ImportFailure) {
        var reader = WireGuardFileReader(origin: origin)
        self = try reader.read(bytes)
    }
}
