internal import CSocket
internal import Model

extension csocket_place {
    /// An address and port; the scope is that of a link-local IPv6 address: its interface's index.
    init(_ address: IPAddress, port: UInt16, scope: UInt32) {
        self.init(
            high: address.high, low: address.low, scope: scope, port: port, family: address.family.rawValue)
    }

    var address: IPAddress { family == 4 ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6: high, low) }
}
