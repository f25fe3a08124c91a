import Gateway
import HTTPTypes
import Model
import Reconciler

/// The proof that somebody still gets in after a change.
extension Operations {
    /// Confirming.
    static let confirmation: [Operation] = [
        Operation("confirm", .post, "/api/confirm", access: .admin) { request, services in
            try ActionBody(request).finish()
            guard let confirmations = services.confirmations, let checkpoint = try await confirmations.newest(),
                checkpoint.state.isOpen
            else { throw APIFailure(GatewayFailure.conflict("nothing waits for a confirmation")) }
            if let why = doubt(request.connection, checkpoint) { throw APIFailure(GatewayFailure.conflict(why)) }
            if let objection = checkpoint.objection { throw APIFailure(GatewayFailure.conflict(objection)) }
            let author = "\(request.principal.author.name) from \(request.connection?.peer.description ?? "")"
            guard let confirmed = try await confirmations.confirm(checkpoint, by: author) else {
                throw APIFailure(
                    GatewayFailure.conflict(
                        "it is too late: \(checkpoint.tried) is rolled back to \(checkpoint.confirmed)"))
            }
            return .data(StatusJSON.json(confirmed))
        }
    ]

    /// Why a connection proves nothing; nil: somebody got in after the change.
    static func doubt(_ connection: ConnectionPath?, _ checkpoint: Checkpoint) -> String? {
        guard let connection else {
            return "the unix socket proves nothing about access from elsewhere: use `wirebuddy confirm --console`"
        }
        if connection.isWithinHost {
            return "a connection from this host itself (\(connection.peer)) proves nothing about access from elsewhere:"
                + " connect from another host, without a proxy or tunnel that ends here, or use"
                + " `wirebuddy confirm --console`"
        }
        guard let applied = checkpoint.appliedUptime else {
            return "the change is still being made: connect anew in a moment"
        }
        // Within the same millisecond nobody knows which was first.
        guard connection.acceptedAt > applied else {
            return "this connection is older than the change and may only be left over: connect anew"
        }
        return nil
    }
}
