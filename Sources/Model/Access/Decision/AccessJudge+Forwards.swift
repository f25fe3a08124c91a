extension AccessJudge {
    /// What becomes of a connection to the gateway at an address outside the tunnels: a forward leads it to a peer, or it
    /// ends there. Several decisions where forwards of different links are for it: which link it comes in by is not known.
    func decisions(from source: Source, toGateway family: AddressFamily, for service: Service) -> [AccessDecision] {
        if let peer = source.peer, let redirected = redirected(from: peer, family, service) { return [redirected] }
        let leading = catalog.forwards.compactMap { forward in
            leads(forward, family, service).map { (forward: forward, to: $0) }
        }
        guard let first = leading.first else {
            guard let peer = source.peer else { return [AccessDecision(.allow, .notOpenedByPeer)] }
            return [decideInput(from: peer, family: family, for: service)]
        }
        let open = leading.filter { leading in
            leading.forward.from.isEmpty
                || leading.forward.from.contains { prefix in
                    source.address(family).map { prefix.contains($0) } ?? false
                }
        }
        if open.isEmpty {
            var decision = AccessDecision(.deny, .sourceLimit(forward: first.forward.name))
            decision.forwarded = first.to
            return [decision]
        }
        return open.map { forward, target in
            var decision = AccessDecision(.allow, .forward(forward.name))
            if let peer = source.peer, let there = forward.service {
                decision = decideForwarded(from: peer, to: target.address, for: there)
            }
            decision.forwarded = target
            return decision
        }
    }

    /// Where a forward leads a connection; nil: it is not for it, or its peer has no address of the family.
    private func leads(_ forward: Forward, _ family: AddressFamily, _ service: Service) -> ForwardedConnection? {
        guard service.transport.rawValue == forward.transport.rawValue, service.ports == forward.port...forward.port,
            let peer = directory.peer(forward.to.peer),
            let address = catalog.peers[peer].ip.first(where: { $0.family == family })
        else { return nil }
        return ForwardedConnection(
            forward: forward.name, location: forward.location, peer: name(of: peer), address: address,
            port: forward.targetPort)
    }
}

extension Forward {
    /// The service of the peer that it leads to; nil for port 0, which no document has.
    fileprivate var service: Service? { Service("\(transport.rawValue)/\(targetPort)") }
}
