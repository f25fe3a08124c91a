/// A connection that somebody would open, as people name it.
public struct AccessQuestion: Sendable, Hashable {
    /// One end of it.
    public enum Party: Sendable, Hashable {
        /// A peer.
        case peer(PeerReference)
        /// An address, whosever it is.
        case address(IPAddress)
        /// The gateway, at an address outside the tunnels.
        case gateway
    }

    /// Who opens it; never the gateway.
    public let source: Party
    /// Where to.
    public let destination: Party
    /// The service there: one port, or ICMP.
    public let service: Service

    /// Reads a question: a peer (`phone`, `wg0/phone`) or an address, one of them or `gateway`, and `tcp/443`, `udp/53` or
    /// `icmp`. Whether there is such a peer is not looked at.
    ///
    /// - Throws: ``Fault`` for what is none of these.
    public init(from source: String, to destination: String, service: String) throws(Fault) {
        guard let opening = Party(source), opening != .gateway else {
            throw Fault(reason: "\(source) is neither a peer nor an address")
        }
        guard let target = Party(destination) else {
            throw Fault(reason: "\(destination) is neither a peer, nor an address, nor gateway")
        }
        guard let named = Service(service), named.ports.map({ $0.count == 1 }) ?? true else {
            throw Fault(reason: "\(service) is not a service with one port: tcp/443, udp/53 or icmp")
        }
        (self.source, self.destination, self.service) = (opening, target, named)
    }

    /// Why a question has no answer.
    public struct Fault: Error, Sendable, Hashable {
        /// Lower case, no full stop.
        public let reason: String
    }
}

extension AccessQuestion.Party: CustomStringConvertible {
    /// A peer named `gateway` is written with its interface.
    fileprivate init?(_ text: String) {
        if text == "gateway" {
            self = .gateway
        } else if let address = IPAddress(text) {
            self = .address(address)
        } else if let peer = PeerReference(text) {
            self = .peer(peer)
        } else {
            return nil
        }
    }

    /// As questions name it.
    public var description: String {
        switch self {
        case .peer(let peer): peer.description
        case .address(let address): address.description
        case .gateway: "gateway"
        }
    }
}
