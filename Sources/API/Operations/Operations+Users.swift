import Gateway
import HTTPTypes
import Model

extension Operations {
    /// Users.
    static let users: [Operation] = [
        Operation("listUsers", .get, "/api/users", access: .admin, query: ["limit", "offset"]) { request, services in
            let page = try request.page(preset: nil)
            let state = try await services.state()
            let users = state.declared.tree.users
            return .data(
                .array(users[page.range(of: users.count)].map { UserDocument.shown($0, in: state).data }),
                beside: [
                    ("total", .number(users.count)),
                    ("limit", request.query["limit"] == nil ? .null : .number(page.limit)),
                    ("offset", .number(page.offset)),
                ], headers: [.revision: state.declared.revision])
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
