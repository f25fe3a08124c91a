import Gateway
import Model
import Reconciler

/// A user as the API shows him: what is declared, and whether it is in force. Never his password's hash.
enum UserDocument {
    static func shown(_ user: User, in state: ResourceState) -> ShownObject {
        let tree = state.declared.tree
        let tag = ObjectTag.of(user)
        let id = UserQuery.id(of: user, in: tree)
        return ShownObject(
            data: .object(
                ObjectView.user(user, in: tree) + [
                    ("etag", .string(tag)),
                    ("observed", .object([("state", .string(standing(user, id, state).rawValue))])),
                    ("observed_at", .optional(state.observed.takenAt?.description)),
                ]), etag: tag, location: "/api/users/\(id)")
    }

    /// Whether the rows by which people log in say what is declared.
    private static func standing(_ user: User, _ id: String, _ state: ResourceState) -> ObservedIndex.Standing {
        guard let view = state.view else { return .pending }
        if let trouble = state.observed.trouble(ObjectID(.user, user.username)) { return trouble.standing }
        guard let row = view.users.first(where: { $0.id == id }), row.username == user.username,
            row.role == user.role, row.enabled == user.enabled, row.passwordHash == user.passwordHash
        else { return .pending }
        return .inSync
    }
}
