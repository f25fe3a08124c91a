import Gateway
import HTTPTypes
import Manifest
import Model

/// What peers may reach, and the ports that lead to them.
extension Operations {
    /// Access documents.
    static let access: [Operation] = [
        Operation("listAccess", .get, "/api/access", access: .admin, query: Paging.names) { request, services in
            let page = try Paging(request.query, standard: nil)
            let state = try await services.state()
            let rules = state.index.access
            var answer = page.response(
                page.rows(of: rules).map { AccessDocument.shown($0, in: state).data }, total: rules.count)
            answer.headers[.revision] = state.declared.revision
            return answer
        },
        Operation("createAccess", .post, "/api/access") { request, _ throws(APIFailure) in
            try AccessWrites.create(request)
        },
        Operation("getAccess", .get, "/api/access/{name}", access: .admin) { request, services in
            let state = try await services.state()
            let shown = try AccessWrites.shown(request.parameter("name"), in: state)
            return .data(shown.data, headers: [.eTag: shown.etag, .revision: state.declared.revision])
        },
        Operation("updateAccess", .put, "/api/access/{name}") { request, services throws(APIFailure) in
            try await AccessWrites.update(request, services)
        },
        Operation("patchAccess", .patch, "/api/access/{name}") { request, services throws(APIFailure) in
            try await AccessWrites.update(request, services)
        },
        Operation("deleteAccess", .delete, "/api/access/{name}") { request, _ throws(APIFailure) in
            AccessWrites.delete(request)
        },
    ]

    /// Forwards.
    static let forwards: [Operation] = [
        Operation("listForwards", .get, "/api/forwards", access: .admin, query: Paging.names) { request, services in
            let page = try Paging(request.query, standard: nil)
            let state = try await services.state()
            let forwards = state.index.forwards
            var answer = page.response(
                page.rows(of: forwards).map { ForwardDocument.shown($0, in: state).data }, total: forwards.count)
            answer.headers[.revision] = state.declared.revision
            return answer
        },
        Operation("createForward", .post, "/api/forwards") { request, _ throws(APIFailure) in
            try ForwardWrites.create(request)
        },
        Operation("getForward", .get, "/api/forwards/{name}", access: .admin) { request, services in
            let state = try await services.state()
            let shown = try ForwardWrites.shown(request.parameter("name"), in: state)
            return .data(shown.data, headers: [.eTag: shown.etag, .revision: state.declared.revision])
        },
        Operation("updateForward", .put, "/api/forwards/{name}") { request, services throws(APIFailure) in
            try await ForwardWrites.update(request, services)
        },
        Operation("patchForward", .patch, "/api/forwards/{name}") { request, services throws(APIFailure) in
            try await ForwardWrites.update(request, services)
        },
        Operation("deleteForward", .delete, "/api/forwards/{name}") { request, _ throws(APIFailure) in
            ForwardWrites.delete(request)
        },
    ]
}
