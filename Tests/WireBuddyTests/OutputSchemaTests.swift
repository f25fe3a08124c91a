import Foundation
import Model
import Reconciler
import Testing

@testable import wirebuddy

@Suite("Schemas of what commands print")
struct OutputSchemaTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private let checker = SchemaChecker(directory: root.appendingPathComponent("schemas/output"))

    private func problems(_ bytes: [UInt8]) throws -> [String] {
        let document = try JSONText.value(of: Data(bytes))
        let name = try #require((document as? [String: Any])?["document"] as? String)
        return try checker.problems(document, file: "\(name).schema.json")
    }

    @Test("reports are what their schemas say", arguments: ["plan", "drift", "apply", "status"])
    func goldens(_ name: String) throws {
        let file = Self.root.appendingPathComponent("Tests/ReconcilerTests/Report/Goldens/\(name).json")
        #expect(try problems([UInt8](try Data(contentsOf: file))) == [])
    }

    @Test("every kind of object that plans speak of is described")
    func kinds() throws {
        let file = Self.root.appendingPathComponent("schemas/output/common.schema.json")
        let schema = try #require(try JSONText.value(of: Data(contentsOf: file)) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: Any])
        for name in ["object", "change"] {
            let properties = (definitions[name] as? [String: Any])?["properties"] as? [String: Any]
            let kinds = (properties?["kind"] as? [String: Any])?["enum"] as? [String]
            #expect(kinds == ObjectID.Kind.allCases.map(\.rawValue), "\(name)")
        }
    }

    @Test("failures are what their schema says")
    func failure() throws {
        let failure = CommandFailure(.locked, "another daemon runs", details: ["process 4711"])
        #expect(try problems(failure.json.document()) == [])
    }

    @Test("a document that is not as described is found")
    func checkerFinds() throws {
        let wrong = JSONValue.object([
            ("document", .string("error")), ("status", .string("error")), ("exit_code", .number(0)),
            ("message", .null), ("extra", .boolean(true)),
        ])
        let found = try problems(wrong.document()).sorted()
        #expect(
            found == ["/exit_code: 0 < 1", "/message: not [\"string\"]", ": extra is not described", ": no details"])
    }
}
