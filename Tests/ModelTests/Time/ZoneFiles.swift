import Foundation
import Model
import Testing

/// Time zones for tests: those of the host, and such as are written down here.
enum ZoneFiles {
    static func zone(_ name: String) throws -> TimeZoneRules {
        let bytes = try Array(Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")))
        return try #require(TimeZoneRules(name: name, file: bytes))
    }

    /// The bytes of a file of version 2 with the given changes (when, and the offset from then on) and rule.
    static func file(_ changes: [(at: Int64, offset: Int32)], first: Int32 = 0, rule: String, leaps: UInt32 = 0)
        -> [UInt8]
    {
        func header(_ counts: [UInt32]) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts.flatMap(bytes)
        }
        let count = UInt32(changes.count)
        var file = header([0, 0, 0, 0, 1, 0]) + bytes(UInt32(bitPattern: first)) + [0, 0]
        file += header([0, 0, leaps, count, count + 1, 0])
        file += changes.flatMap { bytes(UInt64(bitPattern: $0.at)) }
        file += (0..<changes.count).map { UInt8($0 + 1) }
        for offset in [first] + changes.map(\.offset) { file += bytes(UInt32(bitPattern: offset)) + [0, 0] }
        file += [UInt8](repeating: 0, count: Int(leaps) * 12)
        return file + Array("\n\(rule)\n".utf8)
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
    }
}
