import Credentials
import Gateway
import Manifest
import Model
import Testing

@Suite("Users and settings")
struct UserIntentTests {
    private static let hash =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4dWRWJTmaaJObG"
    private static let root = "# The first.\nkind: User\nusername: root   # me\nemail: root@example.com\nrole: admin\n"
    let trees = Trees()

    private var tree: ManifestTree { trees.tree(["users/root.yaml": Self.root]) }

    private func set(_ fields: String...) throws -> [FieldEdit] {
        try fields.map { try FieldEdit(argument: $0, kind: "User") }
    }

    /// What a refusal says.
    private func refusal(_ intent: Intent, _ tree: ManifestTree) -> String {
        let failure = #expect(throws: GatewayFailure.self) { try intent.run(tree) }
        return failure?.description ?? ""
    }

    @Test("a new user gets a file of his own, with the hash and not the password")
    func creation() throws {
        let fields = try set("email=user@example.com", "role=user")
        let (next, outcome) = try Intent.createUser("newuser", fields: fields, passwordHash: Self.hash).applied(
            to: tree)
        #expect(
            try next.text("users/newuser.yaml") == """
                kind: User
                username: newuser
                email: user@example.com
                role: user
                password_hash: \(Self.hash)

                """)
        #expect(outcome.change?.subject == "Add user newuser" && outcome.object == .user("newuser"))
        #expect(outcome.change?.body.contains("argon2id") == false)
        #expect(next.errors == [] && next.users.map(\.username) == ["newuser", "root"])
    }

    @Test("names and mail addresses are taken in any case")
    func taken() throws {
        #expect(refusal(.createUser("ROOT", fields: []), tree).contains("exists already"))
        let email = try set("email=Root@Example.com")
        #expect(refusal(.createUser("other", fields: email), tree).contains("is that of user root"))
        let both = try Intent.createUser("other", fields: []).applied(to: tree).tree
        #expect(refusal(.updateUser(UserSelector("other"), email), both).contains("is that of user root"))
        #expect(refusal(.updateUser(UserSelector("other"), try set("username=Root")), both).contains("exists already"))
        // His own name in other letters is his.
        let renamed = try Intent.updateUser(UserSelector("root"), try set("username=Root")).applied(to: both).tree
        #expect(renamed.user("Root")?.role == .admin && renamed.errors == [])
    }

    @Test("there is always an enabled admin")
    func lastAdmin() throws {
        let last = "is the last enabled admin"
        #expect(refusal(.removeUser(UserSelector("root")), tree).contains(last))
        #expect(refusal(.updateUser(UserSelector("root"), try set("role=user")), tree).contains(last))
        #expect(refusal(.updateUser(UserSelector("root"), try set("role=")), tree).contains(last))
        #expect(refusal(.updateUser(UserSelector("root"), try set("enabled=false")), tree).contains(last))
        #expect(refusal(.createUser("first", fields: []), trees.tree()).contains("the first user must be"))
        let first = try Intent.createUser("first", fields: try set("role=admin")).applied(to: trees.tree()).tree
        let two = try Intent.createUser("two", fields: try set("role=admin")).applied(to: first).tree
        let (one, outcome) = try Intent.removeUser(UserSelector("FIRST")).applied(to: two)
        #expect(one.users.map(\.username) == ["two"] && one.errors == [])
        #expect(outcome.consent.users == ["first"])
    }

    @Test("nobody changes his own role or deletes himself")
    func oneself() throws {
        let two = try Intent.createUser("two", fields: try set("role=admin")).applied(to: tree).tree
        let role = try set("role=user")
        #expect(refusal(.updateUser(UserSelector("two"), role, by: "TWO"), two).contains("his own role"))
        #expect(refusal(.removeUser(UserSelector("two"), by: "two"), two).contains("deletes himself"))
        #expect(try Intent.updateUser(UserSelector("two"), role, by: "root").applied(to: two).tree.errors == [])
        // The role he has is no change.
        #expect(try Intent.updateUser(UserSelector("two"), try set("role=admin"), by: "two").run(two).change == nil)
    }

    @Test("a rename keeps id, comments and peers")
    func rename() throws {
        let owned = Trees.phone + "owner: root\n"
        let tree = trees.tree(["users/root.yaml": Self.root, "peers/phone.yaml": owned])
        let user = try #require(tree.user("root"))
        let id = UserQuery.id(of: user, in: tree)
        let (next, outcome) = try Intent.updateUser(UserSelector(id), try set("username=boss")).applied(to: tree)
        #expect(
            try next.text("users/root.yaml")
                == Self.root.replacing("username: root ", with: "username: boss ") + "id: \(id)\n")
        #expect(next.peer("phone", of: "wg0")?.owner == "boss" && next.errors == [])
        #expect(outcome.object == .user("boss"))
        let renamed = try #require(next.user("boss"))
        #expect(UserQuery.id(of: renamed, in: next) == id)
        #expect(throws: GatewayFailure.self) {
            try Intent.updateUser(UserSelector("boss"), try set("id=123e4567-e89b-12d3-a456-426614174000")).run(next)
        }
    }

    @Test("the peers of a removed user stay without an owner")
    func removal() throws {
        let owned = Trees.phone + "owner: alice\n"
        let alice = "kind: User\nusername: alice\n"
        let tree = trees.tree([
            "users/root.yaml": Self.root, "users/alice.yaml": alice, "peers/phone.yaml": owned,
        ])
        let intent = Intent.removeUser(UserSelector("alice"), by: "root")
        let (next, outcome) = try intent.applied(to: tree)
        #expect(intent.isRevocation)
        #expect(try next.text("peers/phone.yaml") == Trees.phone)
        #expect(next.user("alice") == nil && next.errors == [])
        #expect(outcome.change?.body.contains("peer wg0/phone has no owner any more") == true)
    }

    @Test("a password is changed by its hash alone")
    func password() throws {
        let intent = Intent.updateUser(UserSelector("root"), [], passwordHash: Self.hash)
        let (next, outcome) = try intent.applied(to: tree)
        #expect(next.user("root")?.passwordHash == Self.hash && next.errors == [])
        #expect(outcome.change?.body == "password_hash: added")
        #expect(throws: GatewayFailure.self) {
            try Intent.updateUser(UserSelector("root"), try set("password_hash=hunter2")).run(tree)
        }
    }

    @Test("who is not there is named with who may have been meant")
    func unknown() {
        #expect(refusal(.removeUser(UserSelector("rot")), tree) == "no user \"rot\": did you mean root?")
    }

    @Test("settings are changed in place, or get a file")
    func settings() throws {
        let edits = [
            FieldEdit(["api", "docs"], .set(.boolean(false))),
            FieldEdit(["rate_limits", "authenticated", "read"], .set(.integer(5))),
        ]
        let (next, outcome) = try Intent.updateSettings(edits).applied(to: tree)
        #expect(next.settings.api.docs == false && next.settings.rateLimits.authenticated.read == 5)
        #expect(next.settings.rateLimits.authenticated.write == 30 && next.errors == [])
        #expect(outcome.change?.subject == "Change settings: rate_limits, api")
        #expect(try Intent.updateSettings(edits).run(next).change == nil)
        let bare = Trees.tree(["i.yaml": "kind: Interface\nname: wg0\naddress: 10.8.0.1/24\nlisten_port: 51820\n"])
        let made = try Intent.updateSettings(edits).applied(to: bare).tree
        #expect(try made.text("settings.yaml")?.hasPrefix("kind: Settings\n") == true && made.errors == [])
        #expect(try Intent.updateSettings([FieldEdit(["api"], .remove)]).run(bare).change == nil)
        let other = FieldEdit(["repository_id"], .set(.string("123e4567-e89b-12d3-a456-426614174000")))
        #expect(throws: GatewayFailure.self) { try Intent.updateSettings([other]).run(tree) }
        let unknown = FieldEdit(["apii"], .set(.boolean(true)))
        #expect(throws: GatewayFailure.self) { try Intent.updateSettings([unknown]).run(tree) }
    }
}
