import Gateway
import HTTPTypes
import Manifest
import Model

extension Operations {
    /// Users.
    static let users: [Operation] = [
        Operation("listUsers", .get, "/api/users", access: .admin, query: ["limit", "offset"]) { request, services in
            let page = try Paging(request.query, standard: nil)
            let state = try await services.state()
            let users = state.declared.tree.users
            var answer = page.response(
                page.rows(of: users).map { UserDocument.shown($0, in: state).data }, total: users.count)
            answer.headers[.revision] = state.declared.revision
            return answer
        },
        Operation("createUser", .post, "/api/users") { request, services throws(APIFailure) in
            try await UserWrites.create(request, services)
        },
        Operation("getUser", .get, "/api/users/{id}", access: .user) { request, services in
            let state = try await services.state()
            let shown = UserDocument.shown(try UserWrites.user(request, in: state), in: state)
            return .data(shown.data, headers: [.eTag: shown.etag, .revision: state.declared.revision])
        },
        Operation("updateUser", .put, "/api/users/{id}", access: .user) { request, services throws(APIFailure) in
            try await UserWrites.update(request, services)
        },
        Operation("patchUser", .patch, "/api/users/{id}", access: .user) { request, services throws(APIFailure) in
            try await UserWrites.update(request, services)
        },
        Operation("deleteUser", .delete, "/api/users/{id}") { request, services throws(APIFailure) in
            try await UserWrites.delete(request, services)
        },
    ]
}
