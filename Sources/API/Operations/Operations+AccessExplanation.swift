import Gateway
import HTTPTypes
import Model

/// What the documents in force would decide.
extension Operations {
    /// Explanations of access.
    static let accessExplanation: [Operation] = [
        Operation(
            "explainAccess", .get, "/api/access/explain", access: .admin, query: ["from", "to", "port"]
        ) { request, services in
            .data(.object(try AccessExplanationRequest(request).explanation(services).entries))
        }
    ]
}
