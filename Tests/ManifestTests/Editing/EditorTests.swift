import Manifest
import Testing

/// Single edits, text before and after.
@Suite("Editor")
struct EditorTests {
    static func edited(_ text: String, _ edits: Edit..., path: String = "t.yaml") throws -> String {
        String(decoding: try ManifestEditor.apply(edits, to: Array(text.utf8), path: path), as: UTF8.self)
    }

    @Test(
        "setting a field",
        arguments: [
            ("a: 1 # c\nb: 2\n", ["a"], EditValue.integer(7), "a: 7 # c\nb: 2\n"),
            ("a: 'x' # c\n", ["a"], .string("it's"), "a: 'it''s' # c\n"),
            ("a: x\n", ["a"], .string("no"), "a: \"no\"\n"),
            ("a: x\n", ["a"], .string("1:30"), "a: \"1:30\"\n"),
            ("a: x\n", ["a"], .string("012"), "a: \"012\"\n"),
            ("a: x\n", ["a"], .string("10.8.0.2"), "a: 10.8.0.2\n"),
            ("a: x", ["b"], .string("w"), "a: x\nb: w"),
            ("a: x\r\n# c\r\n", ["b"], .boolean(true), "a: x\r\nb: true\r\n# c\r\n"),
            ("a:   # c\nb: 1\n", ["a"], .integer(3), "a: 3   # c\nb: 1\n"),
            ("a: {x: 1}\n", ["a", "w"], .integer(2), "a: {x: 1, w: 2}\n"),
            ("a:\n    x: 1\n", ["b", "w"], .integer(2), "a:\n    x: 1\nb:\n    w: 2\n"),
            ("a: |  # c\n  x\n\nb: 1\n", ["a"], .string("w"), "a: w  # c\n\nb: 1\n"),
            ("a: # c\n  - x\n  - w\nb: 1\n", ["a"], .string("z"), "a: z # c\nb: 1\n"),
            ("a: [x, w]\n", ["a"], .list([.string("x"), .string("fd::2")]), "a: [x, \"fd::2\"]\n"),
            ("a: x # c\n", ["a"], .list([.string("x"), .string("w")]), "a: [x, w] # c\n"),
            ("a: x # c\nb:\n- 1\n", ["a"], .list([.string("x"), .string("w")]), "a: # c\n- x\n- w\nb:\n- 1\n"),
            ("a: {}\n", ["a", "b"], .string("c"), "a: {b: c}\n"),
            ("a: 2027-01-01T00:00:00Z\n", ["a"], .string("2028-01-01T00:00:00Z"), "a: 2028-01-01T00:00:00Z\n"),
        ])
    func sets(text: String, path: [String], value: EditValue, expected: String) throws {
        let result = try Self.edited(text, .set(document: 0, path: path, value: value))
        #expect(result == expected)
    }

    @Test(
        "removing a field",
        arguments: [
            ("# m\na: 1\n# of b\nb: 2 # t\n# of c\nc: 3\n", ["b"], "# m\na: 1\n# of c\nc: 3\n"),
            ("# m\na: 1\nb: 2\n", ["a"], "# m\nb: 2\n"),
            ("a: 1\nb: 2", ["b"], "a: 1"),
            ("a: {x: 1, w: 2}\n", ["a", "x"], "a: {w: 2}\n"),
            ("a: {x: 1, w: 2}\n", ["a", "w"], "a: {x: 1}\n"),
            ("a: {x: 1}\n", ["a", "x"], "a: {}\n"),
            ("a: # k\n  # of x\n  x: 1 # t\nb: 1\n", ["a", "x"], "a: {} # k\nb: 1\n"),
            ("a: 1\n\nb: 2\n\nc: 3\n", ["b"], "a: 1\n\nc: 3\n"),
            ("a:\n- x: 1\n  # of w\n  w: 2\n", ["a", "0", "x"], "a:\n- # of w\n  w: 2\n"),
            ("a: 1\n", ["z"], "a: 1\n"),
        ])
    func removes(text: String, path: [String], expected: String) throws {
        let result = try Self.edited(text, .remove(document: 0, path: path))
        #expect(result == expected)
    }

    @Test(
        "lists",
        arguments: [
            ("a: [x]\n", Edit.append(document: 0, path: ["a"], value: .string("w")), "a: [x, w]\n"),
            ("a: x\n", .append(document: 0, path: ["a"], value: .string("w")), "a: [x, w]\n"),
            ("b: 1\n", .append(document: 0, path: ["a"], value: .string("w")), "b: 1\na: [w]\n"),
            (
                "a:\n-   x # c\nb: 1\n", .append(document: 0, path: ["a"], value: .string("w")),
                "a:\n-   x # c\n-   w\nb: 1\n"
            ),
            (
                "a: [\n  x,  # c\n  w  # d\n ]\n", .append(document: 0, path: ["a"], value: .string("z")),
                "a: [\n  x,  # c\n  w,  # d\n  z\n ]\n"
            ),
            (
                "a: [\n  x,  # c\n  w,  # d\n ]\n", .append(document: 0, path: ["a"], value: .string("z")),
                "a: [\n  x,  # c\n  w,  # d\n  z,\n ]\n"
            ),
            ("a:\n  - x\n  - w\n", .removeItem(document: 0, path: ["a"], index: 0), "a:\n  - w\n"),
            ("a:\n  - x\n", .removeItem(document: 0, path: ["a"], index: 0), "a: []\n"),
            ("a: [x, w, z]\n", .removeItem(document: 0, path: ["a"], index: 1), "a: [x, z]\n"),
            (
                "a: [\n  x,  # c\n  w  # d\n ]\n", .removeItem(document: 0, path: ["a"], index: 1),
                "a: [\n  x  # c\n ]\n"
            ),
        ])
    func lists(text: String, edit: Edit, expected: String) throws {
        let result = try Self.edited(text, edit)
        #expect(result == expected)
    }

    @Test(
        "documents",
        arguments: [
            ("a: 1\n", Edit.addDocument(.map([EditField("b", .integer(2))])), "a: 1\n---\nb: 2\n"),
            ("a: 1", .addDocument(.map([EditField("b", .integer(2))])), "a: 1\n---\nb: 2"),
            ("", .addDocument(.map([EditField("b", .integer(2))])), "b: 2\n"),
            ("# c\n", .addDocument(.map([EditField("b", .integer(2))])), "# c\nb: 2\n"),
            (
                "a: 1\n\n---\nb: 1\n", .addDocument(.map([EditField("b", .integer(2))])),
                "a: 1\n\n---\nb: 1\n\n---\nb: 2\n"
            ),
            ("# m\na: 1\n---\n# of b\nb: 2\n---\nc: 3\n", .removeDocument(1), "# m\na: 1\n---\nc: 3\n"),
            ("# m\na: 1\n---\n# of b\nb: 2\n---\nc: 3\n", .removeDocument(0), "# m\n# of b\nb: 2\n---\nc: 3\n"),
            ("a: 1\n---\n# s\n\n# of b\nb: 2\n---\nc: 3\n", .removeDocument(1), "a: 1\n---\n# s\n\nc: 3\n"),
            ("a: 1\n---\nb: 2\n", .removeDocument(1), "a: 1\n"),
            ("# m\na: 1\n", .removeDocument(0), "# m\n"),
        ])
    func documents(text: String, edit: Edit, expected: String) throws {
        let result = try Self.edited(text, edit)
        #expect(result == expected)
    }

    @Test(
        "JSON",
        arguments: [
            ("{\"a\":1}", Edit.set(document: 0, path: ["b"], value: .string("x")), "{\"a\":1,\"b\":\"x\"}"),
            (
                "{\n\t\"a\": 1\n}\n", .set(document: 0, path: ["b"], value: .list([.string("x")])),
                "{\n\t\"a\": 1,\n\t\"b\": [\"x\"]\n}\n"
            ),
            ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", .remove(document: 0, path: ["b"]), "{\n  \"a\": 1\n}\n"),
        ])
    func json(text: String, edit: Edit, expected: String) throws {
        let result = try Self.edited(text, edit, path: "t.json")
        #expect(result == expected)
    }
}
