public import DNSPolicy
public import Model

/// The names of the peers, `<label>.<interface>.<zone>`, and the reverse names of the tunnels' addresses. They are
/// answered from what is declared and never asked of an upstream.
public struct LocalNames: Sendable {
    private static let ttl: UInt32 = 60

    private let zone: DomainName
    private let addresses: [DomainName: [IPAddress]]
    /// Names that have others below them, so that they are there without having records.
    private let inner: Set<DomainName>
    private let names: [IPAddress: DomainName]
    /// The prefixes of the tunnels: their reverse names are ours.
    private let prefixes: [Prefix]

    /// The names that a catalog declares.
    ///
    /// - Parameter zone: the zone that the peers' names end in.
    public init(_ catalog: Catalog, zone: DomainName) {
        self.zone = zone
        var addresses: [DomainName: [IPAddress]] = [:]
        var inner: Set<DomainName> = [zone]
        var names: [IPAddress: DomainName] = [:]
        for peer in catalog.peers where peer.enabled {
            guard let parent = DomainName(labels: [peer.interface.utf8]).flatMap({ $0.appending(zone) }),
                let name = DomainName(labels: [peer.dnsName.utf8]).flatMap({ $0.appending(parent) })
            else { continue }
            inner.insert(parent)
            addresses[name] = peer.ip
            for address in peer.ip where names[address] == nil { names[address] = name }
        }
        self.addresses = addresses
        self.inner = inner
        self.names = names
        prefixes = catalog.interfaces.flatMap { $0.address.map(\.prefix) }
    }

    /// The answer for a name of the zone or an address of a tunnel; nil for every other name.
    public func answer(to question: Question) -> Answer? {
        if question.name.isSubdomain(of: zone) { return forward(question) }
        guard let address = ReverseName.address(of: question.name), prefixes.contains(where: { $0.contains(address) })
        else { return nil }
        guard let name = names[address] else { return negative(.nameError, question.name) }
        guard question.type == .ptr else { return negative(.noError, question.name) }
        return Answer(isAuthoritative: true, answers: [.ptr(question.name, name, ttl: Self.ttl)])
    }

    private func forward(_ question: Question) -> Answer {
        guard let own = addresses[question.name] else {
            return negative(inner.contains(question.name) ? .noError : .nameError, zone)
        }
        let fitting = own.filter { ($0.family == .ipv4 ? RecordType.a : .aaaa) == question.type }
        guard !fitting.isEmpty else { return negative(.noError, zone) }
        return Answer(
            isAuthoritative: true, answers: fitting.map { .address(question.name, $0, ttl: Self.ttl) })
    }

    private func negative(_ code: ResponseCode, _ zone: DomainName) -> Answer {
        Answer(code, isAuthoritative: true, authority: [NegativeAnswer.authority(zone, ttl: Self.ttl)])
    }
}
