import Manifest
import Model

extension Intent {
    /// Creates a user in `users/<username>.yaml`.
    ///
    /// - Parameters:
    ///   - fields: everything but the name.
    ///   - passwordHash: the Argon2id string of his password; nil: he can't log in.
    public static func createUser(_ username: String, fields: [FieldEdit], passwordHash: String? = nil) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let identity = ObjectIdentity.user(username)
            try UserRules.checkFree(username: username, for: nil, in: tree)
            var values = try FieldEdit.values(fields, kind: identity.kind)
            values["username"] = .string(username)
            if let passwordHash { values["password_hash"] = .string(passwordHash) }
            let order = Manifest.fields(of: identity.kind).map(\.name)
            let path = NewFile.user(username, in: tree)
            let sibling = tree.users.first.flatMap { tree.place(of: .user($0.username)) } ?? tree.place(of: .settings)
            var draft = Draft(tree)
            try draft.create(
                identity, at: path,
                modeline: NewFile.modeline(kind: identity.kind, for: path, like: sibling?.path, in: tree),
                order.compactMap { name in values[name].map { EditField(name, $0) } })
            try UserRules.checkTree(draft.tree, changed: username, in: tree)
            let difference = ObjectDifference(kind: identity.kind, old: nil, new: try draft.root(identity))
            return IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Add user \(username)"), body: difference.lines.joined(separator: "\n"),
                    files: try draft.files()),
                object: identity)
        }
    }

    /// Changes fields of a user. Before a rename his id is written, so that it stays, and the peers he owns and
    /// access documents about them follow.
    ///
    /// - Parameters:
    ///   - passwordHash: the Argon2id string of his new password.
    ///   - actor: the name of the user who wants it; nobody changes his own role. Nil at the command line.
    public static func updateUser(
        _ selector: UserSelector, _ edits: [FieldEdit], passwordHash: String? = nil, by actor: String? = nil
    ) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let user = try selector.user(in: tree)
            var present = ObjectIdentity.user(user.username)
            var draft = Draft(tree)
            let old = try draft.root(present)
            for edit in edits {
                try SecretField.check(edit, kind: present.kind)
                try check(edit, of: user, by: actor)
                if edit.path == ["username"], case .set(.string(let name)) = edit.action {
                    present = try rename(user, to: name, present, &draft, in: tree)
                } else {
                    try draft.apply(edit, to: present)
                }
            }
            if let passwordHash {
                try draft.apply(FieldEdit(["password_hash"], .set(.string(passwordHash))), to: present)
            }
            let files = try draft.files()
            guard !files.isEmpty else { return IntentOutcome(change: nil, object: present) }
            try UserRules.checkTree(draft.tree, changed: present.name, in: tree)
            let difference = ObjectDifference(kind: present.kind, old: old, new: try draft.root(present))
            return IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Change user \(user.username)", fields: difference.names),
                    body: difference.lines.joined(separator: "\n"), files: files),
                object: present)
        }
    }

    /// Removes a user. The peers he owns stay, without an owner: the same commit says so and names them. It is refused
    /// where an access document is about his peers.
    ///
    /// - Parameter actor: the name of the user who wants it; nobody removes himself. Nil at the command line.
    public static func removeUser(_ selector: UserSelector, by actor: String? = nil) -> Intent {
        Intent(isRevocation: true) { tree throws(GatewayFailure) in
            let user = try selector.user(in: tree)
            if UserRules.isSame(user.username, actor) {
                throw .conflict("nobody deletes himself: another admin has to delete user \(user.username)")
            }
            let identity = ObjectIdentity.user(user.username)
            var draft = Draft(tree)
            let old = try draft.root(identity)
            let peers = tree.peers().filter { $0.owner == user.username }
            for peer in peers {
                try draft.apply(FieldEdit(["owner"], .remove), to: .peer(peer.name, of: peer.interface))
            }
            let references = try draft.removeOwner(user.username, hasPeers: !peers.isEmpty, for: identity)
            try draft.remove([identity])
            try UserRules.checkTree(draft.tree, changed: user.username, in: tree)
            let lines = ObjectDifference(kind: identity.kind, old: old, new: nil).lines + references
            var outcome = IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Remove user \(user.username)"),
                    body: (lines + peers.map { "peer \($0.interface)/\($0.name) has no owner any more" })
                        .joined(separator: "\n"),
                    files: try draft.files()),
                object: identity)
            outcome.consent.users = [user.username]
            return outcome
        }
    }

    private static func check(_ edit: FieldEdit, of user: User, by actor: String?) throws(GatewayFailure) {
        if edit.path == ["id"], edit.action != .set(.string(user.id ?? "")) {
            throw .invalidFields(
                kind: "User", name: user.username, [InvalidField("id", "the id of a user stays: his tokens hang on it")]
            )
        }
        guard edit.path == ["role"], UserRules.isSame(user.username, actor) else { return }
        guard edit.action != .set(.string(user.role.rawValue)) else { return }
        throw .conflict("nobody changes his own role: another admin has to change that of user \(user.username)")
    }

    private static func rename(
        _ user: User, to name: String, _ present: ObjectIdentity, _ draft: inout Draft, in tree: ManifestTree
    ) throws(GatewayFailure) -> ObjectIdentity {
        guard name != user.username else { return present }
        try UserRules.checkFree(username: name, for: user.username, in: tree)
        if user.id == nil {
            try draft.apply(FieldEdit(["id"], .set(.string(UserQuery.id(of: user, in: tree)))), to: present)
        }
        try draft.apply(FieldEdit(["username"], .set(.string(name))), to: present)
        for peer in tree.peers() where peer.owner == user.username {
            try draft.apply(FieldEdit(["owner"], .set(.string(name))), to: .peer(peer.name, of: peer.interface))
        }
        try draft.renameOwner(from: user.username, to: name)
        return .user(name)
    }
}

/// What must hold among users, with words for people who change them one at a time.
enum UserRules {
    /// Whether two names are the same: upper and lower case are.
    static func isSame(_ name: String, _ other: String?) -> Bool {
        other.map { $0.lowercased() == name.lowercased() } ?? false
    }

    /// Refuses a name that another user has, in any case.
    ///
    /// - Parameter present: the name of the user who is to get it.
    static func checkFree(username: String, for present: String?, in tree: ManifestTree) throws(GatewayFailure) {
        let other = tree.users.first { isSame($0.username, username) && $0.username != present }
        guard let other, let place = tree.place(of: .user(other.username)) else { return }
        throw .alreadyExists(kind: "User", name: other.username, place: "\(place.path):\(place.position.line)")
    }

    /// Refuses a mail address that somebody else has, and a tree in which nobody could change anything.
    ///
    /// - Parameter name: whose document changed.
    static func checkTree(_ after: ManifestTree, changed name: String, in before: ManifestTree) throws(GatewayFailure) {
        let users = after.users
        if let email = users.first(where: { $0.username == name })?.email, !email.isEmpty,
            let other = users.first(where: { $0.username != name && isSame($0.email, email) })
        {
            throw .conflict("email \(email) is that of user \(other.username): choose another one")
        }
        guard !users.contains(where: { $0.role == .admin && $0.enabled }) else { return }
        guard !before.users.isEmpty else {
            throw .conflict("the first user must be an enabled admin: there would be nobody who could change anything")
        }
        throw .conflict(
            "user \(name) is the last enabled admin and stays: there would be nobody left who could change anything")
    }
}
