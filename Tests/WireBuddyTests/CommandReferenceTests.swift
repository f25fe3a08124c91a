import Foundation
import Testing

@testable import wirebuddy

@Suite struct CommandReferenceTests {
    @Test func `the reference of the commands is fresh`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/reference/commands.md"), encoding: .utf8)
        #expect(page == CommandReference.page, "docs/reference/commands.md is stale: wirebuddy schema --write schemas")
    }
}
