import Gateway
import Manifest
import Model

/// How requests become writes of users.
enum UserWrites {
    static func create(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let body = try BodyEdits.of(request, kind: .user, shown: nil)
        let hash = try await hash(body, services)
        var name = ""
        if case .set(.string(let text))? = body.edits.first(where: { $0.path == ["username"] })?.action { name = text }
        return APIWrite(
            intent: .createUser(name, fields: body.edits, passwordHash: hash), creates: true, show: show)
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let state = try await services.state()
        let user = try user(request, in: state)
        let shown = UserDocument.shown(user, in: state)
        let body = try BodyEdits.of(request, kind: .user, shown: shown.data)
        try checkOwn(body, request.principal)
        let hash = try await hash(body, services)
        let selector = UserSelector(user.username)
        return APIWrite(
            intent: .updateUser(selector, body.edits, passwordHash: hash, by: request.principal.username),
            tag: tag(selector), show: show)
    }

    static func delete(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let selector = UserSelector(try user(request, in: try await services.state()).username)
        return APIWrite(
            intent: .removeUser(selector, by: request.principal.username), tag: tag(selector), show: show)
    }

    /// The user of the path: `me`, an id, or a name. Somebody else does not exist for those who are no admins.
    static func user(_ request: APIRequest, in state: ResourceState) throws(APIFailure) -> User {
        let (principal, name) = (request.principal, request.parameter("id"))
        let selector = UserSelector(name == "me" ? principal.username : name)
        guard let user = try? selector.user(in: state.declared.tree),
            principal.isAdmin || user.username.lowercased() == principal.username.lowercased()
        else { throw .notFound }
        return user
    }

    private static let own: Set<String> = ["email", "full_name", "password_hash"]

    /// What people who are no admins change of themselves.
    private static func checkOwn(_ body: BodyEdits, _ principal: Principal) throws(APIFailure) {
        guard !principal.isAdmin else { return }
        // Without a password he could not log in again.
        let isOwn = body.edits.allSatisfy {
            own.contains($0.path[0]) && !($0.path == ["password_hash"] && $0.action == .remove)
        }
        guard isOwn else { throw .forbidden }
    }

    private static func hash(_ body: BodyEdits, _ services: APIServices) async throws(APIFailure) -> String? {
        do throws(AccountFailure) {
            return try await services.accounts.passwordHash(of: body.secrets)
        } catch {
            throw APIFailure(error)
        }
    }

    private static func tag(_ selector: UserSelector) -> @Sendable (ManifestTree) -> String? {
        { tree in (try? selector.user(in: tree)).map { ObjectTag.of($0) } }
    }

    private static let show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject? = {
        identity, state in
        state.declared.tree.user(identity.name).map { UserDocument.shown($0, in: state) }
    }
}

extension BodyEdits {
    /// The name it gives; empty where it gives none, or one that was refused.
    var name: String {
        if case .set(.string(let text))? = edits.first(where: { $0.path == ["name"] })?.action { text } else { "" }
    }

    /// The body of a request.
    ///
    /// - Throws: ``APIFailure``: 400 for what is no JSON object, 422 for fields.
    static func of(_ request: APIRequest, kind: ResourceKind, shown: JSONValue?) throws(APIFailure) -> BodyEdits {
        do throws(GatewayFailure) {
            return try BodyEdits(request.body, kind: kind, shown: shown)
        } catch {
            throw APIFailure(error)
        }
    }
}
