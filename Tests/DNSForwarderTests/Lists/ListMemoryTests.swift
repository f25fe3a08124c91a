import DNSForwarder
import DNSPolicy
import Foundation
import ListServer
import Model
import Testing

/// Refreshing lists again and again takes no more memory. In a process of its own: other tests would be measured too.
@Suite struct ListMemoryTests {
    /// The size of the list and the count of refreshes; smaller unless the full ones are asked for.
    static let isFull = ProcessInfo.processInfo.environment["WIREBUDDY_PROVE"] == "1"

    @Test func refreshesDontGrow() async throws {
        let process = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let (names, refreshes) = Self.isFull ? (200_000, 50) : (10_000, 50)
            let test = try TestKeeper()
            let keeper = try test.open()
            await keeper.declare([test.list("ads", at: "files/list.txt")])
            var warm = 0
            for number in 1...refreshes {
                let text = (0..<names).map { "name\($0).of\(number).example\n" }.joined()
                try test.server.write("list.txt", text)
                let status = try #require(await keeper.update().first)
                #expect(status.state == .ready)
                #expect(status.rules == names)
                if number == refreshes / 5 { warm = try Memory.resident() }
            }
            let end = try Memory.resident()
            try Memory.report(
                "\(refreshes) refreshes of \(names) names: \(warm) kB after \(refreshes / 5), \(end) kB at the end")
            #expect(end <= warm + warm / 20)
        }
        print(String(decoding: try #require(process).standardOutputContent, as: UTF8.self))
    }

    /// What of a list stands in memory when it came from disk, and what reading it took at most.
    @Test func readingGivesItsMemoryBack() async throws {
        let process = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let names = Self.isFull ? 1_000_000 : 50_000
            let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).list").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            let key = NameKey.random()
            let before = try Memory.resident()
            try Memory.resetPeak()
            do {
                var compiler = ListCompiler(name: "l", format: .domains, key: key)
                var piece: [UInt8] = []
                for number in 0..<names {
                    piece += "name\(number).example\n".utf8
                    if piece.count > 65_536 {
                        try compiler.take(piece)
                        piece.removeAll(keepingCapacity: true)
                    }
                }
                try compiler.take(piece)
                try compiler.finish().write(to: path)
            }
            let peak = try Memory.peak()
            let after = try Memory.resident()
            let clock = ContinuousClock()
            let began = clock.now
            let list = try CompiledList.read(path, name: "l", key: key)
            let time = clock.now - began
            let open = try Memory.resident()
            try Memory.report(
                "\(names) names: \(list.tableBytes / names) bytes each; before \(before) kB, at most \(peak) kB, after"
                    + " \(after) kB, opened \(open) kB in \(time)")
            #expect(list.count == names)
            #expect(list.tableBytes <= 24 * names)
            // Twelve bytes an entry while the list is read, sixteen in the table, and little else.
            #expect(peak - before <= names * 32 / 1024 + 20_000)
            #expect(after - before <= 20_000)
            #expect(open - after <= names * 24 / 1024 + 1_000)
        }
        print(String(decoding: try #require(process).standardOutputContent, as: UTF8.self))
    }
}

/// The memory of this process, as the kernel counts it, in kB.
enum Memory {
    static func resident() throws -> Int { try field("VmRSS:") }
    /// The most since the last reset.
    static func peak() throws -> Int { try field("VmHWM:") }

    /// Tells the figures to the process of the other tests.
    static func report(_ text: String) throws { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }

    static func resetPeak() throws { try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs")) }

    private static func field(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name) })
        return try #require(Int(line.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]))
    }
}
