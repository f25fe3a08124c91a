public import Model

/// Where and to whom the server answers.
public struct ServerOptions: Sendable {
    /// The addresses it listens on; port 0 lets the host choose.
    public var listen: [SocketAddress]
    /// Where `/metrics` is answered to everybody who reaches it, in plain HTTP; nil: nowhere.
    public var metricsListen: SocketAddress?
    /// With a certificate the listeners on addresses speak TLS.
    public var certificate: CertificateFiles?
    /// The unix socket; nil: none.
    public var socket: LocalSocket?
    /// Proxies whose `X-Forwarded-For` counts.
    public var trustedProxies: [Prefix] = []
    /// Origins of pages in browsers that may read answers, never with cookies; `*` is every origin.
    public var corsOrigins: [String] = []
    /// How much of everything is taken.
    public var limits = ServerLimits()

    /// Options of a server.
    public init(listen: [SocketAddress], certificate: CertificateFiles? = nil, socket: LocalSocket? = nil) {
        self.listen = listen
        self.certificate = certificate
        self.socket = socket
    }

    /// A certificate with its private key, as PEM files. They are read again when they change.
    public struct CertificateFiles: Sendable, Hashable {
        /// The file with the chain.
        public var certificate: String
        /// The file with the private key.
        public var key: String

        /// Two files.
        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// A unix socket, protected by its directory.
    public struct LocalSocket: Sendable, Hashable {
        /// Its path; the directory is made if it is missing.
        public var path: String
        /// The group whose members are admins; nil: only root.
        public var group: String?

        /// A socket.
        public init(path: String, group: String? = nil) {
            self.path = path
            self.group = group
        }
    }
}
