import DNSPolicy
import Glibc
import Testing

@testable import DNSForwarder

/// Messages of 64 KiB that are made to be dear. Each is read, or refused, in time that grows with its length alone; the
/// limit is for code without optimisation, on a busy machine, and lies far below what a square would take.
@Suite struct DecodingCostTests {
    private static let limit = 3.0

    private func header(_ answers: Int) -> [UInt8] {
        var bytes = hex("1234 8180 0000")
        bytes.append(uint16: UInt16(answers))
        return bytes + hex("0000 0000")
    }

    private func seconds(_ body: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        body()
        return now() - start
    }

    /// Owners and data that point at a name of 255 octets in two spellings by turns, so that no name is shared.
    @Test func longNames() throws {
        let label = [63] + [UInt8](repeating: 0x78, count: 63)
        let name = label + label + label + [61] + [UInt8](repeating: 0x78, count: 61) + [0]
        var records: [UInt8] = []
        var count = 1
        records += name + hex("0001 0001 00000000 0004 01020304")
        while records.count < 65000 {
            records += hex(count % 2 == 0 ? "c00c" : "c04c", "0005 0001 00000000 0002 c00c")
            count += 1
        }
        let message = header(count) + records
        var decoded: Message?
        #expect(seconds { decoded = try? Message(decoding: message) } < Self.limit)
        #expect(decoded?.answers.count == count)
        let sound = try #require(decoded)
        #expect(seconds { _ = sound.encoded() } < Self.limit)
    }

    /// Owners and data behind as many pointers as are allowed, two chains by turns, so that no name is shared.
    @Test func chains() {
        let (records, count) = chains(at: 12)
        var message: Message?
        #expect(seconds { message = try? Message(decoding: header(count) + records) } < Self.limit)
        #expect(message?.answers.count == count)
        // The same behind the question of a query.
        let (asked, askedCount) = chains(at: 17)
        var bytes = hex("1234 0100 0001")
        bytes.append(uint16: UInt16(askedCount))
        bytes += hex("0000 0000", "00 0001 0001") + asked
        var query: IncomingQuery?
        #expect(seconds { query = IncomingQuery(bytes) } < Self.limit)
        #expect(query == .query(ClientQuery(id: 0x1234, question: Question(.root, .a))))
    }

    private func chains(at start: Int) -> (records: [UInt8], count: Int) {
        let address = hex("0001 0001 00000000 0004 01020304")
        var records = hex("00") + address
        var count = 1
        var places = [start]
        while places.count < 126 {
            places.append(start + records.count)
            records.append(uint16: 0xC000 | UInt16(places[places.count - 2]))
            records += address
            count += 1
        }
        while records.count < 65000 {
            records.append(uint16: 0xC000 | UInt16(places[125 - count % 2]))
            records += hex("0002 0001 00000000 0002")
            records.append(uint16: 0xC000 | UInt16(places[125]))
            count += 1
        }
        return (records, count)
    }

    /// Names that share their ends only as hashes would have it: compression looks at one place for each.
    @Test func writing() throws {
        var message = Message(id: 1)
        for index in 0..<3000 {
            message.answers.append(
                ResourceRecord(
                    name: try DomainName(text: "\(index).a.a.a.a.a.a.a.a.a"), type: .txt, ttl: 1, data: [0]))
        }
        var bytes: [UInt8] = []
        #expect(seconds { bytes = message.encoded() } < Self.limit)
        #expect(try Message(decoding: bytes) == message)
    }
}
