/// The declared state of one revision: everything the repository says, decoded and validated as a whole.
public struct Catalog: Sendable, Equatable {
    /// The interfaces, sorted by name.
    public let interfaces: [Interface]
    /// The peers, sorted by interface and name (by UTF-8 bytes).
    public let peers: [Peer]
    /// The settings, or their defaults.
    public let settings: Settings
    /// Who can open sealed values, in the order written; empty without a `Recipients` document.
    public let recipients: [Recipient]
    /// Who may use the API, sorted by name (by UTF-8 bytes); empty: nobody can log in.
    public let users: [User]

    /// A catalog; sorts what it is given.
    public init(
        interfaces: [Interface], peers: [Peer], settings: Settings = Settings(), recipients: [Recipient] = [],
        users: [User] = []
    ) {
        self.interfaces = interfaces.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.peers = peers.sorted {
            $0.interface.utf8.elementsEqual($1.interface.utf8)
                ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
                : $0.interface.utf8.lexicographicallyPrecedes($1.interface.utf8)
        }
        self.settings = settings
        self.recipients = recipients
        self.users = users.sorted { $0.username.utf8.lexicographicallyPrecedes($1.username.utf8) }
    }

    /// The state without any object: what `down` converges to.
    public static let empty = Catalog(interfaces: [], peers: [])
}
