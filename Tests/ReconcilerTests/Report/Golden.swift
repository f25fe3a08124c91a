import Foundation
import Testing

/// Texts that reports must equal, as files that a person reads. `WIREBUDDY_RECORD=1` writes them anew.
enum Golden {
    static func expect(_ text: String, equals name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Goldens").appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["WIREBUDDY_RECORD"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(text == expected, "differs from \(name)", sourceLocation: sourceLocation)
    }
}
