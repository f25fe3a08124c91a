import Gateway
import Manifest
import Model

/// How requests become writes of interfaces.
enum InterfaceWrites {
    static func create(_ request: APIRequest, _ services: APIServices) throws(APIFailure) -> APIWrite {
        do throws(GatewayFailure) {
            let body = try BodyEdits(request.body, kind: .interface, shown: nil)
            guard case .set(.string(let name))? = body.edits.first(where: { $0.path == ["name"] })?.action else {
                throw .invalidFields(kind: kind, name: "", [InvalidField("name", "an interface needs a name")])
            }
            return APIWrite(
                intent: .createInterface(
                    name, fields: body.edits, privateKey: body.secrets.privateKey, host: services.hostRecipient),
                creates: true, show: show)
        } catch {
            throw APIFailure(error)
        }
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let name = request.parameter("name")
        guard let shown = shown(name, in: try await services.state()) else { throw .notFound }
        do throws(GatewayFailure) {
            let body = try BodyEdits(request.body, kind: .interface, shown: shown.data)
            return write(
                name,
                .updateInterface(
                    name, body.edits, privateKey: body.secrets.privateKey, host: services.hostRecipient))
        } catch {
            throw APIFailure(error)
        }
    }

    /// A write of one interface.
    static func write(_ name: String, _ intent: Intent) -> APIWrite {
        APIWrite(intent: intent, tag: { ObjectTag.of(.interface(name), in: $0) }, show: show)
    }

    /// An interface as its GET shows it; nil where there is none.
    static func shown(_ name: String, in state: ResourceState) -> ShownObject? {
        guard let interface = state.declared.tree.interface(name) else { return nil }
        return ShownObject(
            data: InterfaceDocument(interface, in: state).json, etag: ObjectTag.of(interface),
            location: "/api/interfaces/\(name)")
    }

    private static let kind = ResourceKind.interface.rawValue
    private static let show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject? = {
        shown($0.name, in: $1)
    }
}
