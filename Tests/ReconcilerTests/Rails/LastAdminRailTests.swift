import Reconciler
import Testing

/// Somebody stays who can change things by the API.
@Suite struct LastAdminRailTests {
    private typealias Documents = RailDocuments

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        var script = ""
        var rails: [String]?
    }

    static let applied = [
        "wg0.yaml": Documents.interface(), "users/root.yaml": Documents.user("root"),
        "users/eve.yaml": Documents.user("eve", role: "user"),
    ]

    private static func changed(_ more: [String: String?]) -> [String: String] {
        var files = applied
        for (path, text) in more { files[path] = text }
        return files
    }

    static let rows = [
        Row(testDescription: "nothing changes", files: applied, rails: []),
        Row(
            testDescription: "all users go", files: changed(["users/root.yaml": nil, "users/eve.yaml": nil]),
            rails: ["empty-kind", "last-admin"]),
        Row(
            testDescription: "the directory is renamed",
            files: changed([
                "users/root.yaml": nil, "users/eve.yaml": nil, "people/root.yaml": Documents.user("root"),
                "people/eve.yaml": Documents.user("eve", role: "user"),
            ]), rails: []),
        Row(
            testDescription: "another admin takes over",
            files: changed(["users/root.yaml": nil, "users/eve.yaml": Documents.user("eve")]), rails: []),
        // A set of users without an admin is not valid to begin with.
        Row(testDescription: "the admin alone goes", files: changed(["users/root.yaml": nil]), rails: nil),
        Row(
            testDescription: "the admin becomes a user",
            files: changed(["users/root.yaml": Documents.user("root", role: "user")]), rails: nil),
        Row(
            testDescription: "the admin is disabled",
            files: changed(["users/root.yaml": Documents.user("root", enabled: false)]), rails: nil),
        Row(testDescription: "an empty file", files: changed(["users/root.yaml": ""]), rails: nil),
        Row(
            testDescription: "a file that fails", files: changed(["users/root.yaml": "kind: User\nusername: {\n"]),
            rails: nil),
        Row(
            testDescription: "the database can't be read",
            files: changed(["users/root.yaml": nil, "users/eve.yaml": nil]), script: "unreadable database locked",
            rails: []),
        Row(
            testDescription: "a row was deleted by hand", files: applied,
            script: "sqlite3 'DELETE FROM user WHERE username = root'", rails: []),
    ]

    @Test(arguments: rows) func refuses(_ row: Row) throws {
        #expect(try RailSample(applied: Self.applied, script: row.script).rails(row.files) == row.rails)
    }

    @Test func consents() throws {
        let files = Self.changed(["users/root.yaml": nil, "users/eve.yaml": nil])
        var sample = RailSample(applied: Self.applied)
        let refusals = try #require(try sample.plan(files)).refusals
        sample.approvals = Set(refusals.map(\.digest))
        #expect(refusals.count == 2)
        #expect(try sample.rails(files) == [])
    }
}
