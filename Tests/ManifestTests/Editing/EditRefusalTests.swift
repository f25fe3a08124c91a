import Manifest
import Testing

/// What can't be done, and what a value of the command line means.
@Suite("Edit refusals")
struct EditRefusalTests {
    @Test(
        "a refusal names the place and what stands in the way",
        arguments: [
            ("a: x\n", Edit.set(document: 0, path: ["a", "b"], value: .null), "t.yaml:1:4: a is not a mapping"),
            ("a:\n- x\n", .set(document: 0, path: ["a", "b"], value: .null), "t.yaml:2:1: a is not a mapping"),
            ("a: {x: 1}\n", .append(document: 0, path: ["a"], value: .null), "t.yaml:1:4: a is a mapping"),
            ("a: [x]\n", .removeItem(document: 0, path: ["a"], index: 1), "t.yaml:1:4: a has no item 1, it has 1"),
            ("a: 1\n", .removeItem(document: 0, path: ["a"], index: 0), "t.yaml:1:4: a is not a list"),
            ("a: 1\n", .remove(document: 1, path: ["a"]), "t.yaml:1:1: the file has no document 1, it has 1"),
            ("a: 1\n", .remove(document: 0, path: []), "t.yaml:1:1: a document is removed as a whole"),
            ("a: 1\n", .addDocument(.string("x")), "t.yaml:1:1: a document must be a mapping"),
            ("a: 1\n---\nb: [\n", .remove(document: 0, path: ["a"]), "t.yaml:4:1: the file is not edited because of"),
            ("a: 1\n---\n\nb: &x 1\n", .remove(document: 0, path: ["a"]), "t.yaml:4:4: the file is not edited"),
            ("a: 1\n---\nb: x\n", .set(document: 1, path: ["b", "c"], value: .null), "t.yaml:3:4: b is not a mapping"),
        ])
    func refusals(text: String, edit: Edit, expected: String) {
        do {
            let result = try ManifestEditor.apply([edit], to: Array(text.utf8), path: "t.yaml")
            Issue.record("done: \(String(decoding: result, as: UTF8.self))")
        } catch {
            #expect(error.description.hasPrefix(expected), "\(error)")
        }
    }

    @Test("a refused edit takes the edits before it along")
    func atomic() {
        let edits = [
            Edit.set(document: 0, path: ["a"], value: .integer(2)), .remove(document: 7, path: ["a"]),
        ]
        #expect(throws: EditRefusal.self) {
            try ManifestEditor.apply(edits, to: Array("a: 1\n".utf8), path: "t.yaml")
        }
    }

    @Test(
        "values of the command line",
        arguments: [
            ("true", EditValue.boolean(true)), ("25", .integer(25)), ("0x10", .integer(16)), ("", .null), ("~", .null),
            ("no", .string("no")), ("John's #1 phone: new", .string("John's #1 phone: new")), ("'25'", .string("25")),
            ("\"a\\nb\"", .string("a\nb")),
            ("[10.8.0.2, 'fd42:8::2']", .list([.string("10.8.0.2"), .string("fd42:8::2")])),
            ("{a: 1}", .map([EditField("a", .integer(1))])), ("[]", .list([])),
            ("10.8.0.2, fd::2", .string("10.8.0.2, fd::2")),
        ])
    func values(text: String, expected: EditValue) throws {
        #expect(try EditValue(yaml: text) == expected)
    }

    @Test("no values of the command line", arguments: ["012", "1.5", "[a", "'x' y", "[&a b]", "{a: 1}\n---\n{b: 2}"])
    func noValues(text: String) {
        #expect(throws: EditRefusal.self) { try EditValue(yaml: text) }
    }

    @Test("strings are equal when their bytes are")
    func bytes() throws {
        #expect(EditValue.string("\u{E9}") != .string("e\u{301}"))
        let edit = Edit.set(document: 0, path: ["a"], value: .string("e\u{301}"))
        let result = try ManifestEditor.apply([edit], to: Array("a: \u{E9}\n".utf8), path: "t.yaml")
        #expect(result == Array("a: e\u{301}\n".utf8))
    }

    @Test("a fresh file")
    func newFile() {
        let peer = EditValue.map([
            EditField("kind", .string("Peer")), EditField("name", .string("yes")),
            EditField("ip", .list([.string("10.8.0.2"), .string("fd42:8::2")])), EditField("enabled", .boolean(true)),
            EditField("labels", .map([EditField("site", .string("berlin")), EditField("floor", .string("1"))])),
            EditField("routes", .list([])),
        ])
        let expected = """
            kind: Peer
            name: "yes"
            ip: [10.8.0.2, "fd42:8::2"]
            enabled: true
            labels:
              site: berlin
              floor: "1"
            routes: []

            """
        #expect(ManifestEditor.newFile([peer, peer]) == Array((expected + "---\n" + expected).utf8))
    }
}
