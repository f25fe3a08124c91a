import Foundation
import Model
import Synchronization
import Telemetry
import Testing

/// Files that are not what they should be are no answer, and never the end of the process.
@Suite struct DamagedGeoFileTests {
    private static let addresses = (0..<64).flatMap { number in
        [IPAddress(v4: 0xC633_6400 + UInt32(number) * 4), IPAddress(v6: 0x2001_0DB8 << 32, UInt64(number))]
    }

    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }

    private func good() -> [UInt8] {
        GeoFileWriter(entries: [
            ("198.51.100.0/24", .country("NL", "Netherlands")), ("198.51.100.128/25", .country("BE", "Belgium")),
            ("2001:db8::/32", .country("JP", "Japan")),
        ]).bytes()
    }

    /// Everything that can be asked of a file is asked.
    private func ask(_ directory: GeoDirectory, bytes: [UInt8]) throws -> (answers: Int, failure: String?) {
        try directory.replace("country.mmdb", with: bytes)
        directory.reader.reload()
        let answers = Self.addresses.count { !directory.reader.place(of: $0).isEmpty }
        return (answers, directory.reader.databases.first?.failure)
    }

    private func directory() throws -> GeoDirectory {
        let directory = try GeoDirectory()
        directory.configure(asn: false)
        return directory
    }

    @Test func everyTruncationIsSurvived() throws {
        let directory = try directory()
        let bytes = good()
        #expect(try ask(directory, bytes: bytes).answers == Self.addresses.count)
        for count in 0..<bytes.count {
            let (answers, failure) = try ask(directory, bytes: Array(bytes.prefix(count)))
            #expect(failure != nil || answers <= Self.addresses.count)
            if count < 100 { #expect(failure?.contains("no database in MaxMind's format, or damaged") == true) }
        }
    }

    @Test func randomBytesAreNoDatabase() throws {
        let directory = try directory()
        var random = SplitMix(seed: 11)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...4096, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let (answers, failure) = try ask(directory, bytes: bytes)
            #expect(answers == 0)
            #expect(failure?.contains("no database in MaxMind's format, or damaged") == true)
        }
    }

    /// The marker of the metadata is there, what is around is not.
    @Test func randomBytesInAGoodFileAreSurvived() throws {
        let directory = try directory()
        let bytes = good()
        var random = SplitMix(seed: 12)
        var failures = 0
        for _ in 0..<3000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let index = Int.random(in: 0..<damaged.count, using: &random)
                damaged[index] = Bool.random(using: &random) ? .random(in: 0...255, using: &random) : 0xFF
            }
            if try ask(directory, bytes: damaged).failure != nil { failures += 1 }
        }
        #expect(failures > 0 && failures < 3000)
    }

    @Test func deepNestingIsSurvived() throws {
        let directory = try directory()
        var value = GeoFileValue.text("NL")
        for _ in 0..<2000 { value = .map([("x", value)]) }
        let writer = GeoFileWriter(entries: [("198.51.100.0/24", .map([("a", value), ("country", .text("NL"))]))])
        let (_, failure) = try ask(directory, bytes: writer.bytes())
        #expect(failure == nil)
    }

    /// Readers go on while files are replaced, cut, removed and put back: each answer is that of one whole file.
    @Test func manyAskWhileTheFileChanges() async throws {
        let directory = try directory()
        let codes = (0..<8).map { "A\(["A", "B", "C", "D", "E", "F", "G", "H"][$0])" }
        let files = codes.map { code in
            GeoFileWriter(entries: [("0.0.0.0/0", .country(code, "Name \(code)"))]).bytes()
        }
        try directory.replace("country.mmdb", with: files[0])
        directory.refresh()
        let written = Flag()
        // Of a test that hangs: with a sanitizer it takes minutes.
        let deadline = ContinuousClock.now + .seconds(600)
        await withTaskGroup(of: Void.self) { group in
            for reader in 0..<4 {
                group.addTask {
                    var random = SplitMix(seed: UInt64(reader))
                    var answers = 0
                    while !written.isSet.load(ordering: .acquiring) || answers < 500, ContinuousClock.now < deadline {
                        let place = directory.reader.place(of: IPAddress(v4: .random(in: 0...0xFFFF, using: &random)))
                        if let code = place.country {
                            answers += 1
                            #expect(place.countryName == "Name \(code)" && codes.contains(code))
                        }
                        await Task.yield()
                    }
                    #expect(answers >= 500)
                }
            }
            group.addTask {
                do { try await Self.change(directory, files) } catch { Issue.record(error) }
                written.isSet.store(true, ordering: .releasing)
            }
        }
        #expect(directory.reader.databases.first?.failure == nil)
    }

    private static func change(_ directory: GeoDirectory, _ files: [[UInt8]]) async throws {
        var random = SplitMix(seed: 99)
        for round in 1...300 {
            let file = files[Int.random(in: 0..<files.count, using: &random)]
            switch round == 300 ? 5 : Int.random(in: 0..<6, using: &random) {
            case 0: try directory.overwrite("country.mmdb", with: Array(file.prefix(file.count / 2)))
            case 1: try directory.overwrite("country.mmdb", with: file)
            case 2:
                try directory.remove("country.mmdb")
                directory.refresh(after: 4 * round)
                try directory.replace("country.mmdb", with: file)
            default: try directory.replace("country.mmdb", with: file)
            }
            directory.refresh(after: 4 * round + 2)
            await Task.yield()
        }
    }
}
