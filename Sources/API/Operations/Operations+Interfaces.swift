import Gateway
import HTTPTypes
import Manifest
import Model

extension Operations {
    /// Interfaces.
    static let interfaces: [Operation] = [
        Operation("listInterfaces", .get, "/api/interfaces", access: .user, query: ["limit", "offset"]) {
            request, services in
            let page = try Paging(request.query, standard: nil)
            let state = try await services.state()
            let interfaces = state.index.interfaces
            var answer = page.response(
                page.rows(of: interfaces).map { InterfaceDocument($0, in: state).json }, total: interfaces.count)
            answer.headers[.revision] = state.declared.revision
            return answer
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
            try await InterfaceWrites.update(request, services)
        },
        Operation("patchInterface", .patch, "/api/interfaces/{name}") { request, services throws(APIFailure) in
            try await InterfaceWrites.update(request, services)
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
