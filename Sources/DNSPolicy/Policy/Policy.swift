public import Model

/// All that decides about questions, at one revision. Immutable: a new revision or list makes a new one, which shares
/// what did not change. An object, so that threads that decide share one counter of references and not a dozen.
public final class Policy: Sendable {
    /// The peers that may ask, in the order they were given.
    public let peers: [PolicyPeer]
    /// The blocklists in force.
    public let lists: [CompiledList]
    /// Whether blocks and lists apply at all (`blocking.enabled`).
    public let isBlocking: Bool

    private let key: NameKey
    private let clients: ClientTable
    let rules: PolicyRules
    /// The positions in `lists` that apply to a peer, by its number.
    private let selection: [[Int]]
    private let needsText: Bool
    /// Whether a rule or list can block an address in an answer; else addresses need not be inspected.
    public let inspectsAddresses: Bool
    /// When rules end.
    private let ends: [Timestamp]

    /// A policy of these parts.
    ///
    /// - Parameters:
    ///   - rules: what was declared, in the order of the files.
    ///   - lists: the enabled blocklists that could be read, all compiled with `key`. The order decides which is named
    ///     when several block a name.
    /// - Throws: ``ListFault/expressions(_:)`` if the expressions of the rules can't be searched for together.
    public init(
        peers: [PolicyPeer], rules: OwnRules, lists: [CompiledList], key: NameKey, isBlocking: Bool
    ) throws(ListFault) {
        self.peers = peers
        self.lists = lists
        self.isBlocking = isBlocking
        self.key = key
        clients = ClientTable(peers)
        do {
            self.rules = try PolicyRules(rules, peers: peers, key: key)
        } catch {
            throw .expressions(error.reason)
        }
        selection = peers.map { peer in
            lists.indices.filter { peer.blocklists?.contains(lists[$0].name) ?? true }
        }
        ends = rules.rules.compactMap(\.expiresAt)
        needsText = self.rules.needsText || lists.contains { $0.rules.needsText }
        inspectsAddresses = self.rules.mayNameAddresses || lists.contains { $0.mayNameAddresses }
    }

    /// Who asks from an address over an interface; nil for somebody unknown, who is refused.
    ///
    /// An IPv4-mapped IPv6 address is the IPv4 address.
    public func client(interface: String, address: IPAddress) -> PolicyClient? {
        var address = address
        if address.family == .ipv6, address.high == 0, address.low >> 32 == 0xFFFF {
            address = IPAddress(v4: UInt32(truncatingIfNeeded: address.low))
        }
        guard let number = clients.peer(interface: interface, address: address) else { return nil }
        return client(number, address: address)
    }

    /// The peers with a name, an `interface/name` or an address, each asking from its first allowed IP.
    public func clients(named name: String) -> [PolicyClient] {
        peers.indices.compactMap { client($0) }.filter { client in
            DNSClient(name).map { client.isMeant(by: $0) } ?? false
        }
    }

    /// Every peer that can ask at all, each from its first allowed IP.
    public var everybody: [PolicyClient] { peers.indices.compactMap { client($0) } }

    /// A peer asking from its first allowed IP; nil if it has none.
    func client(_ number: Int) -> PolicyClient? {
        peers[number].allowedIPs.first.map { client(number, address: $0.address) }
    }

    private func client(_ number: Int, address: IPAddress) -> PolicyClient {
        PolicyClient(peers[number], address: address, index: number)
    }

    /// The first time after `time` at which a rule ends.
    public func nextEnd(after time: Timestamp) -> Timestamp? { ends.filter { $0 > time }.min() }

    /// Decides about a question.
    public func decide(_ question: PolicyQuestion, pause: FilteringPause) -> Decision {
        Evaluation(self, question, pause: pause).decide()
    }

    /// Decides about a name in the answer to a question: the target of an alias, or an address in the text of
    /// ``IPAddress``. Only a block comes of it; whoever asks leaves it out when the question itself was allowed.
    ///
    /// - Parameter type: the type of the record that the name stands in.
    /// - Returns: nil if nothing blocks the name.
    public func inspect(
        _ name: DomainName, type: RecordType, in question: PolicyQuestion, pause: FilteringPause
    ) -> Decision? {
        let inner = PolicyQuestion(client: question.client, name: name, type: type, time: question.time)
        let decision = Evaluation(self, inner, pause: pause).decide()
        guard decision.action == .block, let rule = decision.rule else { return nil }
        return Decision(.block, .answer(name, rule.layer), rule: rule)
    }

    /// The decision about a question, and all rules that it overrides.
    public func explain(_ question: PolicyQuestion, pause: FilteringPause) -> Explanation {
        Evaluation(self, question, pause: pause).explain()
    }

    func subject(_ question: PolicyQuestion) -> Subject { Subject(question, key: key, needsText: needsText) }

    /// The lists that apply to a client.
    func selectedLists(_ client: PolicyClient) -> [Int] { selection[client.index] }

    /// Whether blocks apply to a client at all.
    func filters(_ client: PolicyClient) -> Bool { isBlocking && peers[client.index].isFiltered }
}
