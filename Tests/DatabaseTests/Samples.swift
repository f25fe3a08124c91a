import Model
import Reconciler

/// Values that tests store.
enum Sample {
    static let host = HostIdentity(bootID: "b9d0c1de-0000-4000-8000-000000000001", namespace: 4_026_531_840)
    static let now = Timestamp(seconds: 1_800_000_000)

    static func key(_ number: Int) -> PublicKey { PublicKey(words: (UInt64(number), 2, 3, UInt64.max)) }

    static func peer(_ number: Int) -> PeerID { PeerID(interface: "wg\(number % 3)", publicKey: key(number)) }

    static func interface(_ name: String, index: Int? = 7) -> OwnedInterface {
        OwnedInterface(name: name, origin: .created, host: host, index: index, implementation: .userspace)
    }

    static func endpoint(_ text: String) -> SocketAddress {
        Endpoint(text)?.socketAddress ?? SocketAddress(IPAddress(v4: 0), port: 1)
    }

    static func event(_ number: Int) -> Event {
        Event(
            at: now.advanced(bySeconds: Int64(number)), pass: "p\(number)", kind: .healed,
            object: number % 2 == 0 ? nil : ObjectID(.peer, "wg0/peer\(number)"),
            peer: number % 4 == 1 ? "id\(number % 8)" : nil, message: "event \(number)")
    }

    /// The applied digests of a gateway with this many peers.
    static func applied(_ count: Int, digest: String = "d") -> [ObjectID: String?] {
        Dictionary(
            uniqueKeysWithValues: (0..<count).map { number in
                (
                    ObjectID(.peer, "wg0/peer number \(number)"),
                    digest + String(repeating: "0123456789abcdef", count: 4).dropLast(digest.utf8.count)
                )
            })
    }
}
