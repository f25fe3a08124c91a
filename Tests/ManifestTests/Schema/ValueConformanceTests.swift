import Foundation
import Manifest
import Model
import Testing

/// `Tests/Conformance/values.json` holds single values with their verdict. This test is the decoder's half; the other
/// half is `Tests/Conformance/test_schemas.py`, where an independent validator judges the same values by the schemas.
@Suite("Values")
struct ValueConformanceTests {
    static let file = SchemaTests.folder.deletingLastPathComponent().appending(path: "Tests/Conformance/values.json")

    @Test("the decoder's verdict on each value")
    func verdicts() throws {
        let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file))
        let table = try #require(parsed as? [String: [String: Any]])
        #expect(table.count > 15)
        for (name, entry) in table.sorted(by: { $0.key < $1.key }) {
            let document = try #require(entry["document"])
            for (list, isGood) in [("good", true), ("bad", false), ("decoder", false)] {
                for value in try #require(entry[list] as? [String]) {
                    let problems = try problems(document, value)
                    #expect(
                        problems.isEmpty == isGood,
                        "\(name): \(value.debugDescription): \(problems.map { $0.render() })")
                }
            }
        }
    }

    private func problems(_ template: Any, _ value: String) throws -> [Problem] {
        let document = substitute(template, value)
        let json = try JSONSerialization.data(withJSONObject: document, options: [.withoutEscapingSlashes])
        if let map = document as? [String: Any], map["kind"] == nil {
            return HostFile.decode(path: "host.json", bytes: [UInt8](json)).problems
        }
        return Manifest.parse(path: "value.json", bytes: [UInt8](json)).problems
    }

    private func substitute(_ template: Any, _ value: String) -> Any {
        switch template {
        case let map as [String: Any]:
            Dictionary(uniqueKeysWithValues: map.map { ($0 == "$" ? value : $0, substitute($1, value)) })
        case let list as [Any]: list.map { substitute($0, value) }
        case let text as String: text == "$" ? value : text
        default: template
        }
    }
}
