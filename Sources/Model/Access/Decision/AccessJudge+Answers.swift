extension AccessJudge {
    /// What becomes of a connection: one answer, or several where its destinations differ. Peers that don't connect, because
    /// they are disabled or expired, are judged as if they did, and named.
    ///
    /// - Parameter now: when it is opened.
    /// - Throws: ``AccessQuestion/Fault`` for a peer that nobody is, or several are, and where no connection can be.
    public func answers(
        to question: AccessQuestion, at now: Timestamp
    ) throws(AccessQuestion.Fault) -> [AccessAnswer] {
        try answers(from: try source(question.source), to: question, at: now)
    }

    /// The peers at the ends of a connection, as `interface/name`: those that are named, or whose addresses they are; nil:
    /// none.
    public func peerNames(of question: AccessQuestion) -> (source: String?, destination: String?) {
        let destination: Int? =
            switch question.destination {
            case .peer(let reference): try? peer(reference)
            case .address(let address): owners.owner(of: address)
            case .gateway: nil
            }
        return ((try? source(question.source))?.peer.map { name(of: $0) }, destination.map { name(of: $0) })
    }

    /// Who opens a connection.
    struct Source {
        /// The peer, by its place in the catalog; nil: no peer opens it.
        let peer: Int?
        /// The address it comes from, one for a family, IPv4 first.
        let addresses: [IPAddress]

        func address(_ family: AddressFamily) -> IPAddress? { addresses.first { $0.family == family } }
    }

    /// A peer as the source of connections: it sends from its addresses, else from the networks behind it.
    func source(of number: Int) -> Source {
        let own = catalog.peers[number].ip + catalog.peers[number].routes.map(\.address)
        return Source(
            peer: number,
            addresses: AddressFamily.allCases.compactMap { family in own.first { $0.family == family } })
    }

    /// The peer that people mean by a name, else by a DNS label.
    func peer(_ reference: PeerReference) throws(AccessQuestion.Fault) -> Int {
        var found = directory.peers(named: reference)
        if found.isEmpty {
            found = catalog.peers.indices.filter { number in
                let peer = catalog.peers[number]
                return peer.dnsName == reference.name && reference.interface.map { $0 == peer.interface } ?? true
            }
        }
        guard let first = found.first else { throw AccessQuestion.Fault(reason: "no peer is named \(reference)") }
        guard found.count == 1 else {
            let all = found.map { name(of: $0) }.joined(separator: " and ")
            throw AccessQuestion.Fault(reason: "\(reference) is \(all): name one of them")
        }
        return first
    }

    func answers(
        from source: Source, to question: AccessQuestion, at now: Timestamp
    ) throws(AccessQuestion.Fault) -> [AccessAnswer] {
        let own = source.peer.map { notes(about: $0, at: now) } ?? strangers(source)
        var answers: [AccessAnswer] = []
        for destination in try destinations(of: question, from: source) {
            for decision in decisions(from: source, to: destination, for: question.service) {
                let notes = own + self.notes(destination, decision, from: source, at: now)
                if let same = answers.firstIndex(where: { $0.decision == decision && $0.notes == notes }) {
                    answers[same].destinations.append(destination.description)
                } else {
                    answers.append(
                        AccessAnswer(destinations: [destination.description], decision: decision, notes: notes))
                }
            }
        }
        if answers.count == 1, case .gateway = question.destination { answers[0].destinations = ["gateway"] }
        return answers
    }

    private func source(_ party: AccessQuestion.Party) throws(AccessQuestion.Fault) -> Source {
        switch party {
        case .peer(let reference): source(of: try peer(reference))
        case .address(let address): Source(peer: owners.sender(from: address), addresses: [address])
        case .gateway: throw AccessQuestion.Fault(reason: "what the gateway opens is not decided here")
        }
    }

    /// Where a connection ends.
    enum Destination {
        /// Where it is sent to.
        case address(IPAddress)
        /// The gateway, at an address outside the tunnels.
        case gateway(AddressFamily, IPAddress?)
    }

    private func destinations(
        of question: AccessQuestion, from source: Source
    ) throws(AccessQuestion.Fault) -> [Destination] {
        let families = source.addresses.map(\.family)
        switch question.destination {
        case .gateway: return families.map { .gateway($0, nil) }
        case .address(let address):
            guard families.contains(address.family) else {
                throw AccessQuestion.Fault(reason: "\(question.source) has no address of the family of \(address)")
            }
            return [publicAddresses.contains(address) ? .gateway(address.family, address) : .address(address)]
        case .peer(let reference):
            let own = catalog.peers[try peer(reference)].ip
            if own.isEmpty {
                throw AccessQuestion.Fault(
                    reason: "\(reference) has no address in the tunnel: name one of the networks behind it")
            }
            let addresses = own.filter { families.contains($0.family) }
            if addresses.isEmpty {
                throw AccessQuestion.Fault(reason: "\(question.source) and \(reference) have no family in common")
            }
            return addresses.map { .address($0) }
        }
    }

    /// Addresses that devices dial: the gateway's own, as far as the files can tell.
    private var publicAddresses: Set<IPAddress> {
        let hosts = catalog.interfaces.map { $0.endpoint?.host } + [catalog.settings.publicEndpoint]
        return Set(
            hosts.compactMap { host in
                guard case .address(let address)? = host else { return nil }
                return address
            })
    }

    private func decisions(
        from source: Source, to destination: Destination, for service: Service
    ) -> [AccessDecision] {
        switch destination {
        case .gateway(let family, _): return decisions(from: source, toGateway: family, for: service)
        case .address(let address):
            guard let peer = source.peer else { return [AccessDecision(.allow, .notOpenedByPeer)] }
            return isTunnelAddress(address)
                ? [decideInput(from: peer, family: address.family, for: service)]
                : [decide(from: peer, to: address, for: service)]
        }
    }

    private func isTunnelAddress(_ address: IPAddress) -> Bool {
        catalog.interfaces.contains { $0.address.contains { $0.address == address } }
    }
}

extension AccessJudge.Destination: CustomStringConvertible {
    var description: String {
        switch self {
        case .address(let address): address.description
        case .gateway(_, let address?): address.description
        case .gateway(.ipv4, nil): "gateway over IPv4"
        case .gateway(.ipv6, nil): "gateway over IPv6"
        }
    }
}
