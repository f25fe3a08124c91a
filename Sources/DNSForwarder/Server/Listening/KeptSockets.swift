internal import Glibc

/// The sockets of one listener in a ``SocketStore``.
struct KeptSockets {
    private let listen: ListenAddress
    private let store: any SocketStore

    /// What all our names begin with; others are none of our business.
    static let prefix = "dns-"

    init(_ listen: ListenAddress, _ store: any SocketStore) {
        self.listen = listen
        self.store = store
    }

    /// The names of a listener: `dns-udp-wg0-53-10.8.0.1` and the same of TCP. No colon may be in them.
    static func names(_ listen: ListenAddress) -> (datagrams: String, stream: String) {
        let address = "\(listen.address)".map { $0 == ":" ? "_" : String($0) }.joined()
        let place = "\(listen.device)-\(listen.port)-\(address)"
        return ("\(prefix)udp-\(place)", "\(prefix)tcp-\(place)")
    }

    private var names: (datagrams: String, stream: String) { Self.names(listen) }

    /// The sockets of before, if there are any and all of them are bound as wanted; others are given up.
    func take() async -> (datagrams: [CInt], stream: CInt)? {
        let datagrams = store.take(names.datagrams)
        let streams = store.take(names.stream)
        guard !datagrams.isEmpty || !streams.isEmpty else { return nil }
        let areSound =
            !datagrams.isEmpty && streams.count == 1
            && datagrams.allSatisfy { BoundSocket.isBound($0, isStream: false, listen) }
            && streams.allSatisfy { BoundSocket.isBound($0, isStream: true, listen) }
        if areSound, let stream = streams.first { return (datagrams, stream) }
        for descriptor in datagrams + streams { _ = close(descriptor) }
        await forget()
        return nil
    }

    func keep(datagrams: [CInt]) { store.keep(datagrams, as: names.datagrams) }

    func keep(stream: CInt) { store.keep([stream], as: names.stream) }

    func forget() async { await store.forget([names.datagrams, names.stream]) }

    /// Closes the sockets of before that no listener wants any more.
    static func closeUnwanted(_ store: any SocketStore, wanted: some Sequence<ListenAddress>) async {
        let wanted = Set(wanted.flatMap { [names($0).datagrams, names($0).stream] })
        let unwanted = store.names.filter { $0.hasPrefix(prefix) && !wanted.contains($0) }
        guard !unwanted.isEmpty else { return }
        for name in unwanted {
            for descriptor in store.take(name) { _ = close(descriptor) }
        }
        await store.forget(unwanted)
    }
}
