public import Model

/// What a whole tree declares.
public struct LoadResult: Sendable {
    /// Everything that is wrong, sorted by path and place.
    public let problems: [Problem]
    /// The peers that leave out what WireBuddy can make, in the order of the files. With ``Completion/refused`` each of
    /// them is an error too.
    public let missing: [IncompletePeer]
    private let objects: DeclaredObjects?

    init(problems: [Problem], missing: [IncompletePeer], objects: DeclaredObjects? = nil) {
        self.problems = problems
        self.missing = missing
        self.objects = objects
    }

    /// Whether any problem is an error.
    public var hasErrors: Bool { objects == nil }

    /// The objects; nil if any problem is an error. Peers have the addresses they are about to get; those without a
    /// public key are left out. Made anew at each call, which copies and sorts all of them.
    public var catalog: Catalog? { objects?.catalog }
}

/// The objects of a valid tree.
struct DeclaredObjects: Sendable {
    let interfaces: [Declared<Interface>]
    let peers: [Declared<Peer>]
    let settings: Declared<Settings>?
    let recipients: Declared<RecipientList>?
    let users: [Declared<User>]
    let dnsSettings: Declared<DNSSettings>?
    let blocklists: [Declared<Blocklist>]
    let dnsRules: [Declared<DNSRule>]
    let dnsFilterLines: [DNSFilterLine]
    let access: [Declared<AccessRule>]
    let forwards: [Declared<Forward>]
    let approvals: [Declared<Approval>]
    let acknowledgements: [Declared<Acknowledgement>]

    /// The objects without their places; without the peers that have no key yet, because nothing can be done for them.
    var catalog: Catalog {
        var known: [Peer] = []
        known.reserveCapacity(peers.count)
        for peer in peers where peer.present.contains(PeerKind.publicKey) { known.append(peer.object) }
        return Catalog(
            interfaces: interfaces.map(\.object), peers: known,
            settings: settings?.object ?? Settings(), recipients: recipients?.object.recipients ?? [],
            users: users.map(\.object), dns: dnsSettings?.object, blocklists: blocklists.map(\.object),
            dnsRules: dnsRules.map(\.object), dnsFilterLines: dnsFilterLines,
            access: access.map(\.object), forwards: forwards.map(\.object),
            approvals: approvals.map(\.object), acknowledgements: acknowledgements.map(\.object))
    }
}
