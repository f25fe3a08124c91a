import Foundation

/// The targets of the package and what each depends on, read from the text of `swift package dump-package`.
///
/// `make` writes that text into `.build/package.json` before the tests: SwiftPM inside `swift test` deadlocks.
struct PackageGraph {
    struct Target: Decodable {
        var name: String
        var type: String
        var dependencies: [Dependency]
    }

    /// `{"byName": ["Model", null]}` or `{"product": ["Logging", "swift-log", null, null]}`.
    struct Dependency: Decodable {
        var name: String

        init(from decoder: any Decoder) throws {
            let fields = try decoder.singleValueContainer().decode([String: [Part?]].self)
            name = (fields["byName"] ?? fields["product"] ?? fields["target"])?.first??.text ?? "unknown"
        }
    }

    /// An entry of the tuple SwiftPM prints: a name, or a table of conditions that says nothing here.
    struct Part: Decodable {
        var text: String?

        init(from decoder: any Decoder) throws {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }

    var targets: [Target]

    init(json: Data) throws {
        struct Package: Decodable { var targets: [Target] }
        targets = try JSONDecoder().decode(Package.self, from: json).targets
    }

    init(root: URL) throws {
        try self.init(json: Data(contentsOf: root.appendingPathComponent(".build/package.json")))
    }
}
