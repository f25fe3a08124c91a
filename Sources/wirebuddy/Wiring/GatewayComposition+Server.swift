import API
import Gateway
import Logging
import Model
import Reconciler

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
        options.metricsListen = api.metricsListen
        options.trustedProxies = api.trustedProxies
        options.corsOrigins =
            Environment["CORS_ORIGINS"].map { origins in
                origins.split(separator: ",").map { String($0.filter { $0 != " " }) }
            } ?? api.corsOrigins
        do {
            return try APIServer(
                options, services: services, authenticator: services.accounts.authenticator, logger: logger)
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }
}
