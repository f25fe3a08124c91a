import Gateway
import HTTPTypes
import Manifest
import Model

/// How requests become writes of blocklists.
enum BlocklistWrites {
    static func create(_ request: APIRequest, _ services: APIServices) throws(APIFailure) -> APIWrite {
        let body = try BodyEdits.of(request, kind: .blocklist, shown: nil)
        return APIWrite(
            intent: .createBlocklist(body.name, fields: body.edits), creates: true, show: show(services))
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let name = request.parameter("name")
        let shown = try shown(name, in: try await services.state(), services)
        let body = try BodyEdits.of(request, kind: .blocklist, shown: shown.data)
        return write(name, .updateBlocklist(name, body.edits), services)
    }

    static func delete(_ request: APIRequest, _ services: APIServices) -> APIWrite {
        let name = request.parameter("name")
        return write(name, .removeBlocklist(name), services)
    }

    /// The blocklist of a name as its GET shows it.
    static func shown(
        _ name: String, in state: ResourceState, _ services: APIServices
    ) throws(APIFailure) -> ShownObject {
        guard let blocklist = state.declared.tree.blocklist(name) else { throw .notFound }
        return BlocklistDocument(blocklist, services.dns.blocklistStatuses, in: state).shown
    }

    private static func write(_ name: String, _ intent: Intent, _ services: APIServices) -> APIWrite {
        APIWrite(intent: intent, tag: { ObjectTag.of(.blocklist(name), in: $0) }, show: show(services))
    }

    private static func show(
        _ services: APIServices
    ) -> @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject? {
        { identity, state in
            state.declared.tree.blocklist(identity.name).map {
                BlocklistDocument($0, services.dns.blocklistStatuses, in: state).shown
            }
        }
    }
}
