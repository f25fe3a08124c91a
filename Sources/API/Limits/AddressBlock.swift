import Model

/// The addresses that count as one client: an IPv4 address, or an IPv6 /64, which one host has for itself.
struct AddressBlock: Hashable, Sendable {
    private let address: IPAddress

    init(_ address: IPAddress) {
        self.address = address.family == .ipv4 ? address : address.masked(to: 64)
    }
}
