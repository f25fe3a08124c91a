import Gateway
import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct UserTests {
    private static let root = "kind: User\nusername: admin\nemail: admin@example.com\nrole: admin\n"
    private static let alice = "kind: User\nusername: alice\nemail: alice@example.com\n"

    private func gateway(_ files: [String: String] = [:]) async throws -> TestGateway {
        try await TestGateway(["users/admin.yaml": Self.root].merging(files) { $1 })
    }

    private func principal(_ name: String, _ role: UserRole = .user) -> Principal {
        Principal(proof: .session(id: "2"), userID: "", username: name, email: "", role: role)
    }

    @Test func `a user is created as the contract shows, and his password is nowhere but in its hash`() async throws {
        let gateway = try await gateway()
        let body =
            #"{"username": "newuser", "email": "user@example.com", "password": "SecurePassword123!", "role": "user"}"#
        let answer = try await gateway.call(.post, "/api/users", body)
        #expect(answer.status == 201)
        #expect(answer.message == "Resource created successfully")
        #expect(answer.data["username"] == .string("newuser") && answer.data["role"] == .string("user"))
        #expect(answer.data["email"] == .string("user@example.com") && answer.data["has_password"] == .boolean(true))
        #expect(answer.data["password"] == nil && answer.data["password_hash"] == nil)
        let id = answer.data["id"].text
        #expect(answer.headers[.location] == "/api/users/\(id)")
        let read = try await gateway.call(.get, "/api/users/\(id)")
        #expect(read.data == answer.data && read.headers[.eTag] == read.data["etag"].text)
        let list = try await gateway.call(.get, "/api/users")
        #expect(list.data.elements.count == 2 && list.data.elements[1] == read.data)
        let commit = try gateway.directory.git("show", "HEAD")
        #expect(commit.contains("Add user newuser") && commit.contains("password_hash: $argon2id$v=19$"))
        #expect(!commit.contains("SecurePassword123!") && !answer.text.contains("argon2id"))
    }

    @Test func `what is taken is 409, what is wrong is 422 with its field, and neither is committed`() async throws {
        let gateway = try await gateway()
        let commits = try gateway.commits()
        let cases: [(body: String, status: Int, field: String)] = [
            (#"{"username": "Admin", "password": "SecurePassword123!"}"#, 409, ""),
            (#"{"username": "bob", "email": "ADMIN@example.com", "password": "SecurePassword123!"}"#, 409, ""),
            (#"{"username": "bob", "password": "short"}"#, 422, "password"),
            (#"{"username": "bob"}"#, 422, "password"), (#"{"password": "SecurePassword123!"}"#, 422, "username"),
            (#"{"username": "b b", "password": "SecurePassword123!"}"#, 422, "username"),
            (#"{"username": "../etc/x", "password": "SecurePassword123!"}"#, 422, "username"),
            (#"{"username": "bob", "password": "SecurePassword123!", "password_hash": "x"}"#, 422, "password_hash"),
            (#"{"username": "bob", "email": "a@b.c\r\nX: y", "password": "SecurePassword123!"}"#, 422, "email"),
            (#"{"username": "bob", "password": "SecurePassword123!", "isAdmin": true}"#, 422, "isAdmin"),
            (#"{"username": "bob", "password": "#, 400, ""),
        ]
        for (body, status, field) in cases {
            let answer = try await gateway.call(.post, "/api/users", body)
            #expect(answer.status == status, "\(body): \(answer.message)")
            guard !field.isEmpty else { continue }
            let fields = answer.json["details"]?["fields"].elements ?? []
            #expect(fields.contains { $0["field"] == .string(field) }, "\(body): \(answer.json)")
        }
        #expect(try gateway.commits() == commits)
    }

    @Test func `an unchanged body changes nothing, and a stale tag is refused`() async throws {
        let gateway = try await gateway(["users/alice.yaml": Self.alice])
        let commits = try gateway.commits()
        let read = try await gateway.call(.get, "/api/users/alice")
        let id = read.data["id"].text
        let body = String(decoding: read.data.compactBytes(), as: UTF8.self)
        for method in [HTTPRequest.Method.put, .patch] {
            let answer = try await gateway.call(method, "/api/users/\(id)", body)
            #expect(answer.status == 200 && answer.data["etag"] == read.data["etag"])
        }
        #expect(try gateway.commits() == commits)
        let stale = try await gateway.call(
            .put, "/api/users/\(id)", #"{"full_name": "A"}"#, headers: [.ifMatch: "\"x\""])
        #expect(stale.status == 412)
        let fresh = try await gateway.call(
            .put, "/api/users/\(id)", #"{"full_name": "Alice A"}"#, headers: [.ifMatch: read.data["etag"].text])
        #expect(fresh.status == 200 && fresh.data["full_name"] == .string("Alice A"))
        #expect(fresh.data["etag"] != read.data["etag"])
    }

    @Test func `people see and change themselves, and nobody else is there`() async throws {
        let gateway = try await gateway(["users/alice.yaml": Self.alice])
        let alice = principal("alice")
        let own = try await gateway.call(.get, "/api/users/me", as: alice)
        #expect(own.data["username"] == .string("alice"))
        #expect(try await gateway.call(.get, "/api/users/admin", as: alice).status == 404)
        #expect(try await gateway.call(.put, "/api/users/admin", #"{"full_name": "x"}"#, as: alice).status == 404)
        let id = own.data["id"].text
        let change = #"{"email": "a@example.com", "full_name": "Alice", "password": "AnotherPassword1!"}"#
        let changed = try await gateway.call(.put, "/api/users/\(id)", change, as: alice)
        #expect(changed.status == 200 && changed.data["has_password"] == .boolean(true))
        let refused = [
            #"{"role": "admin"}"#, #"{"username": "root"}"#, #"{"enabled": false}"#, #"{"description": "x"}"#,
            #"{"password": null}"#,
        ]
        let commits = try gateway.commits()
        for body in refused {
            #expect(try await gateway.call(.put, "/api/users/me", body, as: alice).status == 403, "\(body)")
        }
        // What he is already is no change.
        let whole = String(decoding: changed.data.compactBytes(), as: UTF8.self)
        #expect(try await gateway.call(.put, "/api/users/me", whole, as: alice).status == 200)
        #expect(try gateway.commits() == commits)
    }

    @Test func `nobody deletes himself or changes his own role, and the last admin stays`() async throws {
        let gateway = try await gateway(["users/alice.yaml": Self.alice])
        let cases: [(HTTPRequest.Method, String, String)] = [
            (.delete, "/api/users/admin", ""), (.put, "/api/users/me", #"{"role": "user"}"#),
            (.patch, "/api/users/me", #"{"enabled": false}"#), (.put, "/api/users/admin", #"{"role": null}"#),
        ]
        for (method, target, body) in cases {
            #expect(try await gateway.call(method, target, body).status == 409, "\(method) \(target) \(body)")
        }
        let deleted = try await gateway.call(.delete, "/api/users/alice")
        #expect(deleted.status == 200 && deleted.data["username"] == .string("alice"))
        #expect(try await gateway.call(.get, "/api/users/alice").status == 404)
        #expect(try await gateway.call(.delete, "/api/users/alice").status == 404)
    }

    @Test func `settings say what counts and where it comes from`() async throws {
        let gateway = try await gateway()
        let read = try await gateway.call(.get, "/api/settings")
        #expect(read.data["rate_limits"]?["authenticated"]?["read"].number == 100)
        #expect(read.data["sources"]?["public_endpoint"] == .string("settings"))
        #expect(read.data["sources"]?["rate_limits.authenticated.read"] == .string("default"))
        let body = String(decoding: read.data.compactBytes(), as: UTF8.self)
        let commits = try gateway.commits()
        #expect(try await gateway.call(.put, "/api/settings", body).status == 200)
        #expect(try gateway.commits() == commits)
        let change = #"{"rate_limits": {"authenticated": {"read": 7}}, "api": {"docs": false}}"#
        let changed = try await gateway.call(.patch, "/api/settings", change)
        #expect(changed.status == 200, "\(changed.message)")
        #expect(changed.data["rate_limits"]?["authenticated"]?["read"].number == 7)
        #expect(changed.data["rate_limits"]?["authenticated"]?["write"].number == 30)
        #expect(changed.data["sources"]?["api.docs"] == .string("settings"))
        let reset = try await gateway.call(.put, "/api/settings", #"{"api": null, "rate_limits": null}"#)
        #expect(reset.data["etag"] == read.data["etag"])
        for body in [#"{"api": {"docs": 1}}"#, #"{"repository_id": null}"#, #"{"reconcile": {"confirm": "soon"}}"#] {
            #expect(try await gateway.call(.put, "/api/settings", body).status == 422, "\(body)")
        }
    }
}

extension JSONValue? {
    /// The elements.
    fileprivate var elements: [JSONValue] { items }
}

extension JSONValue {
    fileprivate var elements: [JSONValue] { Optional(self).items }
}
