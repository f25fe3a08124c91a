import API
import Foundation
import Testing

/// What `wirebuddy schema --write` makes of the descriptions. `WIREBUDDY_WRITE_SCHEMAS=1` writes it.
@Suite struct GeneratedFilesTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `the generated files are fresh`() throws {
        let files = try SourceFiles.generated { path in
            try [UInt8](Data(contentsOf: Self.root.appending(path: path)))
        }
        let isWriting = ProcessInfo.processInfo.environment["WIREBUDDY_WRITE_SCHEMAS"] == "1"
        for (path, bytes) in files {
            let file = Self.root.appending(path: path)
            if isWriting { try Data(bytes).write(to: file) }
            #expect(try [UInt8](Data(contentsOf: file)) == bytes, "\(path) is stale: wirebuddy schema --write")
        }
    }
}
