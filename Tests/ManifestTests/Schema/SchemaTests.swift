import Foundation
import Manifest
import Testing

/// The JSON Schemas in `schemas/` are those of the tables. `WIREBUDDY_WRITE_SCHEMAS=1` writes them.
@Suite("Schemas")
struct SchemaTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "schemas")

    @Test("schemas/ is fresh")
    func fresh() throws {
        let isWriting = ProcessInfo.processInfo.environment["WIREBUDDY_WRITE_SCHEMAS"] == "1"
        if isWriting { try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true) }
        let schemas = Schemas.all()
        for (name, json) in schemas {
            let file = Self.folder.appending(path: name)
            if isWriting { try Data(json.utf8).write(to: file) }
            #expect(try String(contentsOf: file, encoding: .utf8) == json, "\(name) is stale")
        }
        let present = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(present.filter { $0.hasSuffix(".schema.json") }.sorted() == schemas.map(\.fileName).sorted())
    }

    @Test("every schema is JSON and describes each of its fields", arguments: Schemas.all().map(\.json))
    func described(json: String) throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8))
        let schema = try #require(parsed as? [String: Any])
        for (name, value) in schema["properties"] as? [String: [String: Any]] ?? [:] {
            if name == "kind" || name == "apiVersion" { continue }
            let description = try #require(value["description"] as? String, "\(name)")
            #expect(!description.isEmpty)
        }
    }

    @Test("the reference has a line for each field of the schemas")
    func reference() throws {
        for (page, schema) in zip(Reference.all(), Schemas.all()) {
            #expect(page.fileName == schema.fileName.replacing(".schema.json", with: ".md"))
            let parsed = try JSONSerialization.jsonObject(with: Data(schema.json.utf8))
            let properties = try #require((parsed as? [String: Any])?["properties"] as? [String: [String: Any]])
            for (name, property) in properties where name != "kind" && name != "apiVersion" {
                #expect(page.markdown.contains("| `\(name)` | "))
                for nested in (property["properties"] as? [String: Any] ?? [:]).keys {
                    #expect(page.markdown.contains("| `\(name).\(nested)` | "))
                }
            }
        }
    }
}
