import API
import Gateway
import Logging
import Model

extension GatewayComposition {
    /// The path of the unix socket over which commands talk to the daemon.
    var socketPath: String {
        settings.state.content == HostSettings.defaultState
            ? "/run/wirebuddy/wirebuddy.sock" : "\(settings.state.content)/wirebuddy.sock"
    }

    /// The API's server, with its sockets taken.
    ///
    /// - Parameter listen: the addresses of the command line; empty: those of the host file.
    /// - Throws: ``CommandFailure`` when a socket or the certificate can't be used.
    func server(listen: [SocketAddress], _ services: APIServices, logger: Logger) throws(CommandFailure) -> APIServer {
        let api = settings.api.content
        var options = ServerOptions(
            listen: listen.isEmpty ? api.listen ?? [HostSettings.defaultListen] : listen,
            socket: ServerOptions.LocalSocket(path: socketPath, group: api.socketGroup))
        switch (api.tlsCertificate, api.tlsKey) {
        case (let certificate?, let key?):
            options.certificate = ServerOptions.CertificateFiles(certificate: certificate, key: key)
        case (nil, nil): break
        default: throw CommandFailure(.error, "api.tls in the host file needs both certificate and key")
        }
        options.trustedProxies = api.trustedProxies
        options.corsOrigins =
            Environment["CORS_ORIGINS"].map { origins in
                origins.split(separator: ",").map { String($0.filter { $0 != " " }) }
            } ?? api.corsOrigins
        do {
            let authenticator: any Authenticator = services.accounts?.authenticator ?? Nobody()
            return try APIServer(options, services: services, authenticator: authenticator, logger: logger)
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }
}

/// Knows nobody: where there are no accounts, only the unix socket is of use.
private struct Nobody: Authenticator {
    func authenticate(_ proof: PresentedProof, from client: IPAddress?) async -> Authentication {
        proof.bearer == nil && proof.cookie == nil && proof.query == nil
            ? .known(.anonymous) : .refused(hint: nil)
    }
}
