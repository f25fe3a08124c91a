import Fetch
import Model
import Reconciler

/// A gateway elsewhere, asked by its REST API.
struct RemoteGateway: GatewayConversation {
    /// The address as it was named.
    let name: String
    private let exchange: ServerExchange
    private let token: String

    /// A gateway; nobody is asked yet.
    ///
    /// - Parameters:
    ///   - certificates: the file of certificates to trust; nil: those of the system.
    ///   - allowsPlainText: whether http is taken to any host. To the host itself it always is.
    /// - Throws: ``CommandFailure`` when the address is not taken.
    init(
        _ address: String, token: String, certificates: String?, allowsPlainText: Bool
    ) throws(CommandFailure) {
        do throws(DownloadFault) {
            exchange = try ServerExchange(address, roots: certificates)
        } catch {
            throw CommandFailure(.error, "--against: \(error)")
        }
        var rest = address.split(separator: "/", omittingEmptySubsequences: true)
        rest.removeFirst()
        guard rest.count == 1, !address.contains("?"), !address.contains("#") else {
            throw CommandFailure(
                .error, "--against takes scheme, host and port, as in https://gateway.example.com:8443")
        }
        guard exchange.isEncrypted || allowsPlainText || Self.isLoopback(exchange.host) else {
            throw CommandFailure(
                .error,
                "http to \(exchange.host) would show the token to everybody on the way: use https,"
                    + " or allow it with --insecure-http")
        }
        if let certificates, case .failure(let error) = SmallFile.read(certificates, limit: 1) {
            throw CommandFailure(.error, "certificate file \(certificates) can't be read: \(error)")
        }
        name = address
        self.token = token
    }

    func get(_ target: String) async throws(CommandFailure) -> GatewayAnswer {
        try await send(.get, target, nil)
    }

    /// Asks for something to be done.
    ///
    /// - Throws: ``CommandFailure`` when there is no answer, or the token is refused.
    func post(_ target: String, _ body: JSONValue) async throws(CommandFailure) -> GatewayAnswer {
        let answer = try await send(.post, target, body.compactBytes())
        switch answer.status {
        case 401, 403: throw CommandFailure(.error, "\(name) does not take the token: \(answer.reason)")
        case 300..<400: throw CommandFailure(.error, "\(name) redirects elsewhere, where the token is not sent")
        default: return answer
        }
    }

    private func send(
        _ method: ServerExchange.Method, _ target: String, _ body: [UInt8]?
    ) async throws(CommandFailure) -> GatewayAnswer {
        let answer: ServerExchange.Answer
        do throws(DownloadFault) {
            answer = try await exchange.send(
                method, target, headers: [("Authorization", "Bearer \(token)")], body: body)
        } catch {
            throw CommandFailure(.error, error.description)
        }
        return GatewayAnswer(status: answer.status, headers: answer.headers, body: answer.body)
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        guard let address = IPAddress(host) else { return false }
        return address.isLoopback
    }
}
