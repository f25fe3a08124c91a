import Foundation
import Testing

/// The published lists beside the repository.
enum PublishedLists {
    /// The text of a list; nil, and a line that says so, where it is not at hand.
    static func text(_ name: String) throws -> [UInt8]? {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.deletingLastPathComponent().appendingPathComponent("shared/data/\(name).txt.xz").path
        guard FileManager.default.fileExists(atPath: file) else {
            print("\(name) is not at hand, a small list of our own stands in")
            return nil
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["xz", "-dc", file]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return Array(data)
    }
}
