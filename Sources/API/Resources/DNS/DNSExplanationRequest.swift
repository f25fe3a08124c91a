import Gateway
import HTTPTypes
import Model

/// A question of a request, whose decision is explained to who may see it.
struct DNSExplanationRequest {
    private let question: DNSQuestion
    private let principal: Principal

    /// - Throws: ``APIFailure``, 400.
    init(_ request: APIRequest) throws(APIFailure) {
        guard let domain = try request.text("domain", maximum: 1024), !domain.isEmpty else {
            throw APIFailure(.badRequest, "domain is required: the name that is asked for")
        }
        question = DNSQuestion(
            domain: domain, client: try request.text("client", maximum: 128),
            type: try request.text("type", maximum: 16) ?? "A")
        principal = request.principal
    }

    /// What is decided, for all peers or for those that are his to see.
    ///
    /// - Throws: ``APIFailure``: 400 for what is no name or type, 404 for a client that is nobody or somebody else's.
    func explanation(_ services: APIServices) async throws(APIFailure) -> DNSExplanation {
        let scope = DNSScope(principal, try await services.state())
        var explanation: DNSExplanation
        do throws(GatewayFailure) {
            explanation = try await services.dns.explain(question)
        } catch {
            switch error {
            case .invalidFields(_, _, let fields):
                throw APIFailure(.badRequest, fields.map(\.message).joined(separator: "; "))
            case .notFound where !scope.seesAll: throw .notFound
            default: throw APIFailure(error)
            }
        }
        guard let clients = scope.clients else { return explanation }
        explanation.answers = explanation.answers.compactMap { answer in
            var own = answer
            own.clients = answer.clients.filter(clients.contains)
            return own.clients.isEmpty ? nil : own
        }
        guard question.client == nil || !explanation.answers.isEmpty else { throw .notFound }
        return explanation
    }
}
