/// The answer of a rule that rewrites.
public enum DNSAnswer: Sendable, Hashable {
    /// An address; queries for the other family find no record.
    case address(IPAddress)
    /// Another name in lower case, as CNAME, with its own answer.
    case name(String)
    /// There is no such name.
    case nxdomain
}

extension DNSAnswer: CustomStringConvertible, LosslessStringConvertible {
    /// Parses `10.8.0.7`, `fd42:8::7`, `nas.example.com` or `NXDOMAIN`, in any case.
    public init?(_ description: String) {
        if let address = IPAddress(description) {
            self = .address(address)
        } else if description.lowercased() == "nxdomain" {
            self = .nxdomain
        } else if let name = HostName(text: Array(description.utf8)[...]) {
            self = .name(name.value)
        } else {
            return nil
        }
    }

    /// The form ``init(_:)`` parses.
    public var description: String {
        switch self {
        case .address(let address): address.description
        case .name(let name): name
        case .nxdomain: "NXDOMAIN"
        }
    }
}
