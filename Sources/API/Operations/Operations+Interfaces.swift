import Gateway
import HTTPTypes
import Manifest
import Model

extension Operations {
    /// Interfaces.
    static let interfaces: [Operation] = [
        Operation("listInterfaces", .get, "/api/interfaces", access: .user, query: ["limit", "offset"]) {
            request, services in
            let page = try request.page(preset: nil)
            let state = try await services.state()
            let rows = state.index.interfaces
            let range = page.range(of: rows.count)
            return .data(
                .array(rows[range].map { InterfaceDocument($0, in: state).json }),
                beside: [
                    ("total", .number(rows.count)),
                    ("limit", request.query["limit"] == nil ? .null : .number(page.limit)),
                    ("offset", .number(page.offset)),
                ], headers: [.revision: state.declared.revision])
        },
        Operation("getInterface", .get, "/api/interfaces/{name}", access: .user) { request, services in
            let state = try await services.state()
            guard let shown = InterfaceWrites.shown(request.parameter("name"), in: state) else {
                throw APIFailure.notFound
            }
            return .data(shown.data, headers: [.eTag: shown.etag, .revision: state.declared.revision])
        },
        Operation("createInterface", .post, "/api/interfaces") { request, services throws(APIFailure) in
            try InterfaceWrites.create(request, services)
        },
        Operation("updateInterface", .put, "/api/interfaces/{name}") { request, services throws(APIFailure) in
            try InterfaceWrites.update(request, services)
        },
        Operation("patchInterface", .patch, "/api/interfaces/{name}") { request, services throws(APIFailure) in
            try InterfaceWrites.update(request, services)
        },
        Operation("deleteInterface", .delete, "/api/interfaces/{name}", query: ["cascade"]) {
            request, _ throws(APIFailure) in
            let name = request.parameter("name")
            return InterfaceWrites.write(name, .removeInterface(name, withPeers: try request.flag("cascade")))
        },
        Operation("startInterface", .post, "/api/interfaces/{name}/start") { request, _ throws(APIFailure) in
            InterfaceWrites.write(request.parameter("name"), .startInterface(request.parameter("name")))
        },
        Operation("stopInterface", .post, "/api/interfaces/{name}/stop") { request, _ throws(APIFailure) in
            InterfaceWrites.write(request.parameter("name"), .stopInterface(request.parameter("name")))
        },
        Operation(
            "restartInterface", .post, "/api/interfaces/{name}/restart", access: .admin, query: Operation.writeQuery
        ) { request, services in
            try await services.restart(request)
        },
    ]
}

/// How requests become writes of interfaces.
enum InterfaceWrites {
    static func create(_ request: APIRequest, _ services: APIServices) throws(APIFailure) -> APIWrite {
        let body = try BodyFields(request.body, kind: ObjectIdentity.interface("").kind)
        let name = try body.required("name")
        return APIWrite(
            intent: .createInterface(name, fields: body.edits.filter { $0.path != ["name"] }), creates: true, show: show
        )
    }

    static func update(_ request: APIRequest, _ services: APIServices) throws(APIFailure) -> APIWrite {
        let body = try BodyFields(request.body, kind: ObjectIdentity.interface("").kind)
        let name = request.parameter("name")
        return write(name, .updateInterface(name, body.edits))
    }

    static func write(_ name: String, _ intent: Intent) -> APIWrite {
        APIWrite(
            intent: intent, tag: { tree in tree.interface(name).map(DeclaredFields.etag) }, show: show)
    }

    static func shown(_ name: String, in state: ResourceState) -> ShownObject? {
        guard let interface = state.declared.tree.interface(name) else { return nil }
        return ShownObject(
            data: InterfaceDocument(interface, in: state).json, etag: DeclaredFields.etag(of: interface),
            location: "/api/interfaces/\(name)")
    }

    private static let show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject? = {
        shown($0.name, in: $1)
    }
}
