import Reconciler

/// Somebody who answers questions of the REST API: the daemon of this host, or a gateway elsewhere.
protocol GatewayConversation: Sendable {
    /// How people call it.
    var name: String { get }

    /// Reads.
    ///
    /// - Throws: ``CommandFailure`` when there is no answer.
    func get(_ target: String) async throws(CommandFailure) -> GatewayAnswer
}

extension LocalSocket: GatewayConversation {
    var name: String { "the daemon at \(path)" }

    func get(_ target: String) async throws(CommandFailure) -> GatewayAnswer {
        do throws(LocalSocketFailure) {
            let (status, body) = try await exchange(.get, target, nil, within: .seconds(30))
            return GatewayAnswer(status: status, headers: [:], body: body)
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }
}
