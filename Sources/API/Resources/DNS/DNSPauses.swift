import Gateway
import Manifest
import Model

/// Pauses of filtering: they end by themselves, and no file knows of them.
enum DNSPauses {
    /// The longest pause: what is to last is declared.
    private static let longest: Int64 = 30 * 86_400

    /// The pauses that somebody may see.
    static func list(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> JSONValue {
        let scope = DNSScope(request.principal, try await services.state())
        let pauses = try await services.askDNS { dns throws(GatewayFailure) in try await dns.pauses() }
        return .array(pauses.filter { isVisible($0, scope) }.map(json))
    }

    static func begin(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> JSONValue {
        var body = try ActionBody(request)
        let text = body.required("duration", count: 1...16)
        let seconds = SpanText.seconds(text)
        if !text.isEmpty, seconds.map({ $0 > longest }) ?? true {
            body.refuse("duration", "duration must be a time up to 30d: 30m, 1h, 1d")
        }
        var client: String?
        if let name = body.string("client") {
            let state = try await services.state()
            do throws(GatewayFailure) {
                client = try PeerSelector(name).client(in: state.declared.tree)
            } catch {
                body.refuse("client", "client: \(error)")
            }
        }
        try body.finish()
        let pause = FilteringPauseEntry(
            client: client, until: services.clock.now().advanced(bySeconds: seconds ?? 0),
            author: request.principal.author.name)
        try await services.askDNS { dns throws(GatewayFailure) in try await dns.pause(pause) }
        return json(pause)
    }

    /// Ends the pause of the client that the query names, or all of them, and says which they were: none for a client
    /// that has no pause, so that the same request twice is no mistake.
    static func end(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> JSONValue {
        let name = try request.text("client", maximum: 128)
        let tree = try await services.state().declared.tree
        return try await services.askDNS { dns throws(GatewayFailure) in
            guard let name else { return .array(try await dns.resume(client: nil).map(json)) }
            let client: String
            do throws(GatewayFailure) {
                client = try PeerSelector(name).client(endingOneOf: try await dns.pauses(), in: tree)
            } catch .notFound {
                return .array([])
            }
            return .array(try await dns.resume(client: client).map(json))
        }
    }

    private static func isVisible(_ pause: FilteringPauseEntry, _ scope: DNSScope) -> Bool {
        guard let client = pause.client, let clients = scope.clients else { return true }
        return clients.contains(client)
    }

    private static func json(_ pause: FilteringPauseEntry) -> JSONValue {
        .object([
            ("client", .optional(pause.client)), ("until", .string(pause.until.description)),
            ("author", .string(pause.author)),
        ])
    }
}
