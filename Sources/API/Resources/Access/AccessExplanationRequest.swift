import Gateway
import HTTPTypes
import Model
import Reconciler

/// A connection of a request, whose decision is explained.
struct AccessExplanationRequest {
    private let question: AccessQuestion

    /// - Throws: ``APIFailure``, 400.
    init(_ request: APIRequest) throws(APIFailure) {
        func value(_ name: String, _ meaning: String) throws(APIFailure) -> String {
            guard let text = try request.text(name, maximum: 160), !text.isEmpty else {
                throw APIFailure(.badRequest, "\(name) is required: \(meaning)")
            }
            return text
        }
        let from = try value("from", "the peer or address that opens the connection")
        let to = try value("to", "a peer, an address, or gateway")
        let service = try value("port", "the protocol and port there: tcp/443, udp/53, icmp")
        do {
            question = try AccessQuestion(from: from, to: to, service: service)
        } catch {
            throw APIFailure(.badRequest, error.reason)
        }
    }

    /// What the documents in force decide.
    ///
    /// - Throws: ``APIFailure``: 400 for who is nobody and for what can't be a connection, 409 before the first revision.
    func explanation(_ services: APIServices) throws(APIFailure) -> AccessExplanation {
        guard let view = services.reconciliation.view, let catalog = view.catalog, let revision = view.report.inForce
        else { throw APIFailure(.conflict, "no revision is in force yet") }
        do {
            return try AccessExplanation(question, by: catalog, revision: revision, at: services.clock.now())
        } catch {
            throw APIFailure(.badRequest, error.reason)
        }
    }
}
