/// What else there is to know about a decision: why there may be no such connection, whatever is decided.
extension AccessJudge {
    func notes(about number: Int, at now: Timestamp) -> [String] {
        let peer = catalog.peers[number]
        var notes: [String] = []
        if !peer.enabled { notes.append("\(name(of: number)) is disabled") }
        if let expiry = peer.expiresAt, expiry <= now { notes.append("\(name(of: number)) expired at \(expiry)") }
        if let interface = catalog.interfaces.first(where: { $0.name == peer.interface }), !interface.enabled {
            notes.append("interface \(interface.name) is disabled")
        }
        return notes
    }

    /// About a source that is no peer's.
    func strangers(_ source: Source) -> [String] {
        source.addresses.compactMap { address in
            if let nobody = nobody(at: address) { return "\(nobody), so nothing comes from there" }
            return owners.owner(of: address).map {
                "\(address) is taken for one outside the tunnels, though \(name(of: $0)) may send from everywhere"
            }
        }
    }

    func notes(
        _ destination: Destination, _ decision: AccessDecision, from source: Source, at now: Timestamp
    ) -> [String] {
        var notes: [String] = []
        switch destination {
        case .gateway(_, let address):
            if let address { notes.append("\(address) is taken for the gateway's own, since devices dial it") }
        case .address(let address):
            notes += ownership(of: address, at: now)
        }
        guard let forwarded = decision.forwarded else { return notes }
        notes += ownership(of: forwarded.address, at: now)
        let link = catalog.forwards.first { $0.name == forwarded.forward }?.interface
        if source.peer == nil, let link { notes.append("Forward \(forwarded.forward) is for what comes in by \(link)") }
        return notes
    }

    private func ownership(of address: IPAddress, at now: Timestamp) -> [String] {
        if let owner = owners.owner(of: address) { return self.notes(about: owner, at: now) }
        return nobody(at: address).map { ["\($0), so nothing gets there"] } ?? []
    }

    /// Said of an address of the tunnels that is nobody's.
    private func nobody(at address: IPAddress) -> String? {
        let interface = catalog.interfaces.first { interface in
            interface.address.contains { $0.prefix.contains(address) }
                && !interface.address.contains { $0.address == address }
        }
        return interface.map { "no peer of \($0.name) has \(address)" }
    }
}
