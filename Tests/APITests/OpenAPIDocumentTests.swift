import API
import Foundation
import Model
import Testing

@Suite struct OpenAPIDocumentTests {
    static func reports() throws -> [(fileName: String, text: [UInt8])] {
        try ReportSchemas.fileNames.map { name in
            let file = GeneratedFilesTests.root.appending(path: "schemas/output/\(name)")
            return (fileName: name, text: try [UInt8](Data(contentsOf: file)))
        }
    }

    static func document(_ text: String) throws -> OpenAPIDocument {
        try OpenAPIDocument(
            paths: Array(text.utf8), reports: try reports(), kinds: [(name: "Kind", schema: .string("of a table"))])
    }

    /// What the answers of every operation have in common, and what reports refer to.
    static let common = """
        components:
          parameters: {RequestId: {}}
          headers: {RequestId: {}, Revision: {}, RateLimitLimit: {}, RateLimitRemaining: {}, RateLimitReset: {}}
          responses: {Shared: {description: shared}}
          schemas: {Time: {}, PublicKey: {}, Kind: {written: by hand}}

        """

    @Test func `what every operation has in common is put in`() throws {
        let text = """
            paths:
              /counted: {get: {x-rate: read, responses: {"200": {description: good}, "404": {$ref: "#/components/responses/Shared"}}}}
              /exempt: {get: {x-rate: exempt, parameters: [{name: own}], responses: {"200": {description: good}}}}

            """
        let root = try Self.document(text + Self.common).root
        func headers(_ path: String, _ code: String) -> [String] {
            guard case .object(let entries)? = root["paths"]?[path]?["get"]?["responses"]?[code]?["headers"] else {
                return []
            }
            return entries.map(\.0)
        }
        let limits = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]
        #expect(headers("/counted", "200") == ["X-Request-Id", "X-WireBuddy-Revision"] + limits)
        #expect(headers("/counted", "404") == [])
        #expect(headers("/exempt", "200") == ["X-Request-Id", "X-WireBuddy-Revision"])
        guard case .array(let parameters)? = root["paths"]?["/exempt"]?["get"]?["parameters"] else {
            Issue.record("no parameters")
            return
        }
        #expect(parameters.count == 2)
        guard case .string("of a table")? = root["components"]?["schemas"]?["Kind"] else {
            Issue.record("the schema of the table must take the place of the one written by hand")
            return
        }
    }

    @Test(arguments: [
        ("paths: {/a: {get: {responses: {\"200\": {$ref: \"#/components/responses/Nothing\"}}}}}\n", "Nothing"),
        ("paths: {/a: {get: {responses: {}, x: &anchor 1}}}\n", "openapi.yaml:1"),
        ("paths: {/a: {get: {responses: {}, x: 1e5}}}\n", "openapi.yaml:1"),
    ])
    func `a text that can't be served is refused`(text: String, why: String) throws {
        let failure = #expect(throws: OpenAPIFailure.self) { try Self.document(text + Self.common) }
        #expect(failure?.description.contains(why) == true, "\(failure?.description ?? "")")
    }

    @Test func `a text with quotes and backslashes stays what it is inside a source`() throws {
        let text = "a \\#(b) \"\"\"# \\n c\n"
        let source = EmbeddedFile(name: "Sample", documentation: "A sample.", text: Array(text.utf8)).source
        let lines = String(decoding: source, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let opening = try #require(lines.firstIndex { $0.hasSuffix("= ##\"\"\"") })
        #expect(lines[opening + 1] + "\n" == text)
        #expect(lines[opening + 3] == "\"\"\"##")
    }
}
