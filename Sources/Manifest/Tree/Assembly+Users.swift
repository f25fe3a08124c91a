import Model

extension Assembly {
    /// Names, mail addresses and identifiers of users are unique, whatever their case, and somebody can change things.
    mutating func checkUsers() {
        var names: [String: Int] = [:]
        var addresses: [String: Int] = [:]
        var identifiers: [String: Int] = [:]
        for index in users.indices {
            let user = users[index].object
            if users[index].valid.contains(UserKind.username) {
                checkUnique(user.username.lowercased(), index, UserKind.username, &names)
            }
            if users[index].valid.contains(UserKind.email), !user.email.isEmpty {
                checkUnique(user.email.lowercased(), index, UserKind.email, &addresses)
            }
            if let id = user.id { checkUnique(id, index, UserKind.id, &identifiers) }
        }
        checkAdmin()
    }

    /// Peers belong to users that exist.
    mutating func checkOwners() {
        guard !mayHoldMore else { return }
        let names = usernames
        for index in peers.indices {
            guard let owner = peers[index].object.owner, !names.contains(owner) else { continue }
            report(
                peers[index], PeerKind.owner, .danglingReference,
                "\(label(index)): there is no User \"\(owner)\"",
                suggestion: suggestion(forUser: owner, names)
                    ?? "remove owner, or add the user: wirebuddy user add \(owner)")
        }
    }

    /// The names of all users.
    var usernames: Set<String> { Set(users.map(\.object.username)) }

    /// What may have been meant by the name of a user who does not exist.
    func suggestion(forUser name: String, _ users: Set<String>) -> String? {
        Spelling.closest(to: name, in: users.sorted()).map { "did you mean \"\($0)\"?" }
    }

    private mutating func checkUnique(_ value: String, _ index: Int, _ field: Int, _ known: inout [String: Int]) {
        guard let first = known[value] else {
            known[value] = index
            return
        }
        let place = users[first].location(of: field)
        let name = "User \"\(users[index].object.username)\""
        switch field {
        case UserKind.username:
            report(
                users[index], field, .duplicateIdentity,
                "\(name) stands twice, first at \(place); upper and lower case are the same",
                suggestion: "remove or rename one of them")
        case UserKind.email:
            report(
                users[index], field, .duplicateIdentity,
                "email of \(name) is also that of User \"\(users[first].object.username)\" (\(place))",
                suggestion: "change or remove one of them")
        default:
            report(
                users[index], field, .duplicateID,
                "id of \(name) is also that of User \"\(users[first].object.username)\" (\(place))",
                suggestion: "remove the id of the copy")
        }
    }

    private mutating func checkAdmin() {
        guard let first = users.first, !mayHoldMore else { return }
        let hasAdmin = users.contains { user in
            // What was refused is reported already, and may have been meant so.
            let isReadable = [UserKind.role, UserKind.enabled].allSatisfy {
                !user.present.contains($0) || user.valid.contains($0)
            }
            return !isReadable || user.object.role == .admin && user.object.enabled
        }
        guard !hasAdmin else { return }
        report(
            at: first, .noAdmin, "there are users, but none of them is an enabled admin: nobody could change anything",
            suggestion: "role: admin")
    }
}
