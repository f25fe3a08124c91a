import DNSPolicy
import Foundation
import Model
import Testing

@testable import DNSForwarder

/// What somebody who can't see our queries must guess: id, source port, upper and lower case.
@Suite struct UpstreamGuessingTests {
    static let count = ProcessInfo.processInfo.environment["WIREBUDDY_PROVE"] == nil ? 10_000 : 100_000

    @Test func idsPortsAndLettersAreRandom() async throws {
        let rogue = try await RogueUpstream { [.send($0.answer())] }
        let asking = TestAsking()
        let numbers = 0..<Self.count
        await withTaskGroup(of: Void.self) { group in
            var next = numbers.startIndex
            func startNext() {
                guard next < numbers.endIndex else { return }
                let name = "name-\(next).some-letters.example.com"
                next += 1
                group.addTask { _ = try? await asking.ask(rogue.udp, name: name) }
            }
            for _ in 0..<50 { startNext() }
            while await group.next() != nil { startNext() }
        }
        await rogue.stop()
        #expect(asking.counters.answered == Self.count)
        let queries = rogue.datagrams
        #expect(queries.count >= Self.count)

        let ids = queries.map(\.message.id)
        expectUniform(ids.map { Int($0 >> 8) }, cells: 256)
        expectUniform(ids.map { Int($0 & 0xFF) }, cells: 256)
        // Neighbours tell nothing about each other.
        expectUniform(zip(ids, ids.dropFirst()).map { Int(($1 &- $0) >> 8) }, cells: 256)

        // Of 28,232 ports in the usual range, 10,000 queries would use 8,400.
        let ports = queries.map(\.source)
        #expect(Set(ports).count > 5_000)
        let steps = zip(ports, ports.dropFirst()).map { abs($1 - $0) }
        #expect(steps.count { $0 <= 8 } < queries.count / 50, "ports follow each other")

        let capitals = (0..<16).map { place in queries.count { $0.capital(place) } }
        for count in capitals { #expect(abs(Double(count) / Double(queries.count) - 0.5) < 0.04) }
    }

    /// Pearson's test. For 255 degrees of freedom, one in 10⁷ gives more than 400.
    private func expectUniform(_ values: [Int], cells: Int) {
        var counts = [Int](repeating: 0, count: cells)
        for value in values { counts[value] += 1 }
        let expected = Double(values.count) / Double(cells)
        let distance = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect(distance < 400)
        #expect(distance > 130, "too even to be random")
    }
}

extension RogueUpstream.Query {
    /// Whether a letter of `some-letters.example.com`, counted from the end, is a capital.
    fileprivate func capital(_ place: Int) -> Bool {
        let letters = spelling.filter { $0 & 0x40 != 0 }
        return letters[letters.count - 1 - place] & 0x20 == 0
    }
}
