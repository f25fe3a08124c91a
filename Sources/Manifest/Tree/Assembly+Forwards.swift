import Model

extension Assembly {
    /// Forwards lead to peers that can be reached, and no two of them take the same packets.
    mutating func checkForwards() {
        guard !forwards.isEmpty else { return }
        let first = index(forwards, ForwardKind.kind.name, ForwardKind.name) { $0.name }
        var listening: [UInt16: Int] = [:]
        for (number, declared) in interfaces.enumerated() where declared.object.enabled {
            if declared.valid.contains(InterfaceKind.listenPort) { listening[declared.object.listenPort] = number }
        }
        for declared in forwards {
            checkLink(declared)
            checkListenPort(declared, listening)
            checkTarget(declared)
        }
        checkForwardOverlap(first)
    }

    private func label(_ forward: Declared<Forward>) -> String {
        "Forward \(Printable.quoted(forward.object.name))"
    }

    /// Peers reach the port without it, and nothing else comes in by a tunnel.
    private mutating func checkLink(_ declared: Declared<Forward>) {
        guard let link = declared.object.interface, interfaceIndex[link] != nil else { return }
        report(
            declared, ForwardKind.interface, .forwardFromTunnel,
            "interface of \(label(declared)) is Interface \"\(link)\": packets for a forward come in from outside the"
                + " tunnels",
            suggestion: "name the link they come in by, such as eth0, or remove interface")
    }

    private mutating func checkListenPort(_ declared: Declared<Forward>, _ listening: [UInt16: Int]) {
        let forward = declared.object
        guard forward.transport == .udp, declared.valid.contains(ForwardKind.port), let number = listening[forward.port]
        else { return }
        let interface = interfaces[number]
        report(
            declared, ForwardKind.port, .portTaken,
            "port \(forward.port) of \(label(declared)) is the listen_port of \(label(interface))"
                + " (\(interface.location(of: InterfaceKind.listenPort))): the forward would cut WireGuard off",
            suggestion: "choose another port")
    }

    private mutating func checkTarget(_ declared: Declared<Forward>) {
        guard declared.valid.contains(ForwardKind.to) else { return }
        let item = FieldPositions.item(0, of: ForwardKind.targetPeer)
        let subject = "to.peer of \(label(declared))"
        let reference = declared.object.to.peer
        guard let target = peer(reference, declared, ForwardKind.to, item: item, subject: subject) else { return }
        let peer = peers[target]
        if peer.valid.contains(PeerKind.ip) { checkAddresses(declared, target, subject, item: item) }
        if !peer.object.enabled {
            report(
                declared, ForwardKind.to, item: item, .disabledReference,
                "\(subject): \(label(target)) is disabled, so the port leads nowhere",
                suggestion: "enable the peer, or remove the forward", severity: .warning)
        } else if let expiry = peer.object.expiresAt, expiry <= now {
            report(
                declared, ForwardKind.to, item: item, .disabledReference,
                "\(subject): \(label(target)) expired at \(expiry), so the port leads nowhere",
                suggestion: "set a later expires_at, or remove the forward", severity: .warning)
        }
    }

    /// Packets are sent to an address of the peer of their own family.
    private mutating func checkAddresses(_ declared: Declared<Forward>, _ target: Int, _ subject: String, item: Int) {
        let families = Set(peers[target].object.ip.map(\.family))
        guard !families.isEmpty else {
            report(
                declared, ForwardKind.to, item: item, .noAddress,
                "\(subject): \(label(target)) has no address that packets could be sent to",
                suggestion: "give the peer an ip, or name another one")
            return
        }
        for (number, prefix) in declared.object.from.enumerated() where !families.contains(prefix.family) {
            report(
                declared, ForwardKind.from, item: number + 1, .noEffect,
                "from of \(label(declared)) has \(prefix), but \(label(target)) has no"
                    + " \(prefix.family == .ipv4 ? "IPv4" : "IPv6") address",
                suggestion: "give the peer one, or remove the prefix", severity: .warning)
        }
    }

    private struct Port: Hashable {
        var transport: Forward.Transport
        var port: UInt16
    }

    /// A source of packets and the forward that wants them.
    private struct Claim {
        var from: Prefix
        var forward: Int
    }

    private mutating func checkForwardOverlap(_ first: [String: Int]) {
        var ports: [Port: [Int]] = [:]
        for (number, declared) in forwards.enumerated() where declared.isComplete {
            let forward = declared.object
            // A copy of a document is reported by its name.
            guard first[forward.name] == number else { continue }
            ports[Port(transport: forward.transport, port: forward.port), default: []].append(number)
        }
        let everybody = [Prefix(IPAddress(v4: 0), length: 0), Prefix(IPAddress(v6: 0, 0), length: 0)]
        for numbers in ports.values where numbers.count > 1 {
            let claims = numbers.flatMap { number in
                let from = forwards[number].object.from
                return (from.isEmpty ? everybody : from).map { Claim(from: $0, forward: number) }
            }
            checkOverlap(claims.sorted { ($0.from, $0.forward) < ($1.from, $1.forward) })
        }
    }

    /// A prefix sorts before everything in it, so that a claim overlaps those that are open. Each forward is reported
    /// once, and what is reported is held against no other one: what stays open are claims of different links.
    private mutating func checkOverlap(_ claims: [Claim]) {
        var open: [Claim] = []
        var reported: Set<Int> = []
        for claim in claims where !reported.contains(claim.forward) {
            while let last = open.last, !last.from.contains(claim.from) { open.removeLast() }
            for held in open where !reported.contains(held.forward) && isContested(held.forward, claim.forward) {
                let second = max(held.forward, claim.forward)
                reported.insert(second)
                reportOverlap(second, with: min(held.forward, claim.forward))
                if second == claim.forward { break }
            }
            open.removeAll { reported.contains($0.forward) }
            if !reported.contains(claim.forward) { open.append(claim) }
        }
    }

    /// Whether two forwards take packets of the same link.
    private func isContested(_ first: Int, _ second: Int) -> Bool {
        guard first != second else { return false }
        let (one, other) = (forwards[first].object.interface, forwards[second].object.interface)
        return one == nil || other == nil || one == other
    }

    private mutating func reportOverlap(_ second: Int, with first: Int) {
        let (declared, other) = (forwards[second], forwards[first])
        let port = "\(declared.object.transport.rawValue)/\(declared.object.port)"
        report(
            declared, ForwardKind.port, .overlappingForward,
            "\(label(declared)) takes \(port) of packets that \(label(other))"
                + " (\(other.location(of: ForwardKind.port))) takes too",
            suggestion: "give them different ports or interfaces, or prefixes in from that don't overlap")
    }
}
