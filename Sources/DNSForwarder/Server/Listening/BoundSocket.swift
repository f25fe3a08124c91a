internal import CSocket
internal import Glibc
internal import Model

/// Sockets bound to an address and its device, so that a host elsewhere can't pose as a peer (SO_BINDTODEVICE,
/// socket(7)).
enum BoundSocket {
    /// UDP sockets of one listener, which the kernel spreads queries over (SO_REUSEPORT); `joining`: beside others of it.
    ///
    /// - Throws: EADDRNOTAVAIL while the address is not there, ENODEV while the device is not, EADDRINUSE if it is
    ///   another program's, also of one that shares it.
    static func datagrams(
        _ listen: ListenAddress, count: Int, joining: Bool = false
    ) throws(SocketFailure) -> [CInt] {
        var descriptors: [CInt] = []
        do throws(SocketFailure) {
            for _ in 0..<count {
                let sharing = descriptors.isEmpty && !joining ? CSOCKET_ALONE : CSOCKET_JOINING
                descriptors.append(try check(unsafe csocket_open(0, listen.place, listen.device, CInt(sharing))))
            }
        } catch {
            for descriptor in descriptors { _ = close(descriptor) }
            throw error
        }
        return descriptors
    }

    /// A TCP socket that listens; throws like ``datagrams(_:count:)``.
    static func stream(_ listen: ListenAddress) throws(SocketFailure) -> CInt {
        try check(unsafe csocket_open(1, listen.place, listen.device, CInt(CSOCKET_ALONE)))
    }

    /// Whether a socket of before is bound as a new one would be.
    static func isBound(_ descriptor: CInt, isStream: Bool, _ listen: ListenAddress) -> Bool {
        unsafe csocket_is(descriptor, isStream ? 1 : 0, listen.place, listen.device) == 1
    }

    /// Looks whether the address is still there; throws like ``datagrams(_:count:)``.
    static func probe(_ listen: ListenAddress) throws(SocketFailure) {
        _ = try check(unsafe csocket_probe(listen.place, listen.device))
    }

    /// The number of a device now; 0 if there is none.
    static func index(of device: String) -> UInt32 { unsafe if_nametoindex(device) }

    private static func check(_ result: CInt) throws(SocketFailure) -> CInt {
        guard result >= 0 else { throw SocketFailure(errno: -result) }
        return result
    }
}

extension ListenAddress {
    fileprivate var place: csocket_place {
        csocket_place(address, port: port, scope: address.isLinkLocal ? BoundSocket.index(of: device) : 0)
    }
}
