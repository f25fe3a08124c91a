import Gateway
import HTTPTypes
import Manifest
import Model

/// How requests become writes of access documents.
enum AccessWrites {
    /// The word behind `/api/access/` that is no document.
    private static let taken = "explain"

    static func create(_ request: APIRequest) throws(APIFailure) -> APIWrite {
        let body = try BodyEdits.of(request, kind: .access, shown: nil)
        guard body.name != taken else {
            throw .invalid([
                InvalidField(
                    "name", "name must be another one than \(taken): GET /api/access/\(taken) answers questions")
            ])
        }
        return APIWrite(intent: .createAccess(body.name, fields: body.edits), creates: true, show: show)
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let name = request.parameter("name")
        let shown = try shown(name, in: try await services.state())
        let body = try BodyEdits.of(request, kind: .access, shown: shown.data)
        return write(name, .updateAccess(name, body.edits))
    }

    static func delete(_ request: APIRequest) -> APIWrite {
        let name = request.parameter("name")
        return write(name, .removeAccess(name))
    }

    /// The access document of a name as its GET shows it.
    static func shown(_ name: String, in state: ResourceState) throws(APIFailure) -> ShownObject {
        guard let rule = state.declared.tree.accessRule(name) else { throw .notFound }
        return AccessDocument.shown(rule, in: state)
    }

    private static func write(_ name: String, _ intent: Intent) -> APIWrite {
        APIWrite(intent: intent, tag: { ObjectTag.of(.access(name), in: $0) }, show: show)
    }

    private static let show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject? = {
        identity, state in
        state.declared.tree.accessRule(identity.name).map { AccessDocument.shown($0, in: state) }
    }
}
