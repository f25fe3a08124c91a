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

    @Test("the reference has a section for each kind and a line for each field of its schema")
    func reference() throws {
        let sections = Reference.page().components(separatedBy: "\n## ").dropFirst()
        // The last schema is any kind.
        let schemas = Schemas.all().dropLast()
        #expect(sections.count == schemas.count)
        for schema in schemas {
            let parsed = try JSONSerialization.jsonObject(with: Data(schema.json.utf8))
            let object = try #require(parsed as? [String: Any])
            let title = try #require(object["title"] as? String)
            let section = try #require(
                sections.first { $0.hasPrefix("\(title)\n") || $0.hasPrefix("The host file `\(title)`\n") }, "\(title)")
            let properties = try #require(object["properties"] as? [String: [String: Any]])
            for (name, property) in properties where name != "kind" && name != "apiVersion" {
                #expect(section.contains("| `\(name)` | "))
                for nested in (property["properties"] as? [String: Any] ?? [:]).keys {
                    #expect(section.contains("| `\(name).\(nested)` | "))
                }
            }
        }
    }
}
