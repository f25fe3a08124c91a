public import Model

/// Where queries are taken, over UDP and TCP: an address and the device that has it. Sockets are bound to both, so that
/// a host of another network can't pose as a peer.
public struct ListenAddress: Sendable, Hashable {
    /// The address, of an interface of this host.
    public let address: IPAddress
    /// The port, 53 by custom.
    public let port: UInt16
    /// The name of the interface that queries must come in by.
    public let device: String

    /// An address of a device.
    public init(address: IPAddress, port: UInt16, device: String) {
        self.address = address
        self.port = port
        self.device = device
    }
}

extension ListenAddress: CustomStringConvertible {
    /// `10.8.0.1:53 on wg0`.
    public var description: String { "\(SocketAddress(address, port: port)) on \(device)" }
}

extension ListenAddress: Comparable {
    /// Orders by device, then address and port, for people.
    public static func < (a: Self, b: Self) -> Bool {
        (a.device, a.address, a.port) < (b.device, b.address, b.port)
    }
}
