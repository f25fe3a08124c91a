import Gateway
import HTTPTypes
import Manifest
import Model

/// How requests become writes of forwards.
enum ForwardWrites {
    static func create(_ request: APIRequest) throws(APIFailure) -> APIWrite {
        let body = try BodyEdits.of(request, kind: .forward, shown: nil)
        return APIWrite(intent: .createForward(body.name, fields: body.edits), creates: true, show: show)
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let name = request.parameter("name")
        let shown = try shown(name, in: try await services.state())
        let body = try BodyEdits.of(request, kind: .forward, shown: shown.data)
        return write(name, .updateForward(name, body.edits))
    }

    static func delete(_ request: APIRequest) -> APIWrite {
        let name = request.parameter("name")
        return write(name, .removeForward(name))
    }

    /// The forward of a name as its GET shows it.
    static func shown(_ name: String, in state: ResourceState) throws(APIFailure) -> ShownObject {
        guard let forward = state.declared.tree.forward(name) else { throw .notFound }
        return ForwardDocument.shown(forward, in: state)
    }

    private static func write(_ name: String, _ intent: Intent) -> APIWrite {
        APIWrite(intent: intent, tag: { ObjectTag.of(.forward(name), in: $0) }, show: show)
    }

    private static let show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject? = {
        identity, state in
        state.declared.tree.forward(identity.name).map { ForwardDocument.shown($0, in: state) }
    }
}
