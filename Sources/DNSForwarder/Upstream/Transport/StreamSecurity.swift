internal import NIOSSL
internal import Synchronization

/// TLS towards upstreams: 1.2 at least, the certificate verified for the name, ALPN `dot` (RFC 7858 3.2, RFC 8310).
final class StreamSecurity: Sendable {
    private let trustRoots: NIOSSLTrustRoots
    private let made = Mutex<NIOSSLContext?>(nil)

    init(trustRoots: NIOSSLTrustRoots) { self.trustRoots = trustRoots }

    /// What every connection uses; made when it is first needed, for that reads the files of the system.
    ///
    /// Not to be called on an event loop.
    func context() throws(UpstreamFailure) -> NIOSSLContext {
        do {
            return try made.withLock { made in
                if let context = made { return context }
                var configuration = TLSConfiguration.makeClientConfiguration()
                configuration.trustRoots = trustRoots
                configuration.certificateVerification = .fullVerification
                configuration.minimumTLSVersion = .tlsv12
                configuration.applicationProtocols = ["dot"]
                let context = try NIOSSLContext(configuration: configuration)
                made = context
                return context
            }
        } catch {
            throw .notSecure("\(error)")
        }
    }
}
