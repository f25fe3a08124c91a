import Testing

@testable import Repository

/// What is read of git's index, and what is left to git.
@Suite("Git's index")
struct IndexFileTests {
    private static let path = Array("peers/a.yaml".utf8)

    @Test("entries of what was asked for are told, with what stands in their way", arguments: [2, 3] as [UInt32])
    func entries(version: UInt32) throws {
        let bytes = Self.index(version, [Self.entry("peers"), Self.entry("peers/a.yaml"), Self.entry("z")])
        let index = try #require(IndexFile.read(bytes, of: [Self.path], nameLength: 20))
        #expect(index.entries.keys.map { $0 } == [Self.path])
        #expect(index.entries[Self.path]?.map(\.mode) == [0o100644])
        #expect(index.obstacles == [Array("peers".utf8)])
    }

    @Test("an index that was cut anywhere is left to git")
    func cut() {
        for isExtended in [false, true] {
            let entries = [Self.entry("peers/a.yaml", isExtended: isExtended), Self.entry("z", isExtended: isExtended)]
            let whole = Self.index(3, entries)
            #expect(IndexFile.read(whole, of: [Self.path], nameLength: 20) != nil)
            // Of the zeros behind the last path one is enough.
            for count in 0...whole.count - 20 - (isExtended ? 7 : 1) {
                let bytes = Array(whole[..<count])
                #expect(IndexFile.read(bytes, of: [Self.path], nameLength: 20) == nil, "\(count) bytes")
                let sum = [UInt8](repeating: 0, count: 20)
                #expect(IndexFile.read(bytes + sum, of: [Self.path], nameLength: 20) == nil, "\(count) bytes and a sum")
            }
        }
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    private static func index(_ version: UInt32, _ entries: [[UInt8]]) -> [UInt8] {
        Array("DIRC".utf8) + number(version) + number(UInt32(entries.count)) + entries.flatMap(\.self)
            + [UInt8](repeating: 0, count: 20)
    }

    /// An entry of version 3, extended with two more bytes of flags, or of both versions.
    private static func entry(_ path: String, isExtended: Bool = false) -> [UInt8] {
        var entry = [UInt8](repeating: 0, count: 24) + number(0o100644) + [UInt8](repeating: 0, count: 12)
        entry += (0..<20).map { UInt8($0) }
        entry += [isExtended ? 0x40 : 0, UInt8(path.utf8.count)] + (isExtended ? [0, 0] : []) + Array(path.utf8)
        return entry + [UInt8](repeating: 0, count: 8 - entry.count % 8)
    }
}
