import DNSPolicy
import Glibc
import Testing

@testable import DNSForwarder

/// Messages made at random from a seed that each failure prints.
@Suite struct RandomMessageTests {
    @Test(arguments: [UInt64(1), 2, 3, 4]) func roundTrip(_ seed: UInt64) throws {
        var messages = RandomMessage(seed: seed)
        var records = 0
        for index in 0..<500 {
            let message = messages.next()
            let bytes = message.encoded()
            #expect(try Message(decoding: bytes) == message, "seed \(seed), message \(index): \(text(bytes))")
            records += message.answers.count
        }
        #expect(records > 1000)
    }

    /// Whatever arrives, reading ends with a value or a fault, and what was read can be written and read again.
    @Test(arguments: [UInt64(11), 12, 13, 14]) func mutations(_ seed: UInt64) throws {
        var messages = RandomMessage(seed: seed)
        var generator = SeededGenerator(state: ~seed)
        var (sound, refused) = (0, 0)
        let start = Self.processorTime()
        for index in 0..<5000 {
            let bytes = Self.mutated(messages.next().encoded(), &generator)
            _ = IncomingQuery(bytes)
            guard let message = try? Message(decoding: bytes) else {
                refused += 1
                continue
            }
            sound += 1
            for record in message.answers + message.authority + message.additional {
                _ = (
                    record.address, record.target, record.startOfAuthority, record.serviceBinding,
                    record.name.description
                )
            }
            let again = try Message(decoding: message.encoded())
            #expect(again == message, "seed \(seed), message \(index): \(text(bytes))")
        }
        #expect(sound > 500 && refused > 500, "seed \(seed): \(sound) sound, \(refused) refused")
        // 5000 of about 200 octets; the limit is for code without optimisation on a busy machine.
        #expect(Self.processorTime() - start < 30, "seed \(seed)")
    }

    @Test func randomOctets() {
        var generator = SeededGenerator(state: 21)
        for _ in 0..<2000 {
            let count = Int.random(in: 0..<200, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = IncomingQuery(bytes)
            _ = try? Message(decoding: bytes)
            _ = ServiceBinding(data: bytes)
            _ = StartOfAuthority(data: bytes)
            _ = DomainName(wire: bytes)
            _ = try? DomainName(text: bytes)
        }
    }

    private static func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0...7, using: &generator) {
            case 0: bytes.removeLast(Int.random(in: 0..<min(bytes.count, 20), using: &generator))
            case 1: bytes.append(UInt8.random(in: 0...255, using: &generator))
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            case 3 where place + 1 < bytes.count:
                // A pointer to somewhere.
                bytes[place] = 0xC0
                bytes[place + 1] = UInt8.random(in: 0...255, using: &generator)
            case 4: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            default: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            if bytes.isEmpty { bytes = [0] }
        }
        return bytes
    }

    /// Seconds of processor time of this thread.
    static func processorTime() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
