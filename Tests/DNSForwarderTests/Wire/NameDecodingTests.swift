import DNSPolicy
import Testing

@testable import DNSForwarder

/// Names in messages (RFC 1035 4.1.4) and what RFC 9267 warns of.
@Suite struct NameDecodingTests {
    /// A header that counts one question and one answer.
    private static let head = hex("1234 8000 0001 0001 0000 0000")
    /// The question `a.bc` A IN at octet 12: its labels start at 12 and 14, its root at 17.
    private static let question = hex("01 61  02 62 63  00", "0001 0001")
    /// Type, class, TTL and data of an A record.
    private static let rest = hex("0001 0001 0000003c 0004 c0000201")

    /// The message whose answer has this owner, at octet 22.
    private func answer(_ owner: [UInt8]) -> [UInt8] { Self.head + Self.question + owner + Self.rest }

    @Test(arguments: [
        ("c00c", "a.bc"),  // a pointer to the question
        ("c00e", "bc"),  // into the question
        ("c011", "."),  // to the root of the question
        ("01 78 c00c", "x.a.bc"),
        ("01 58 c00e", "x.bc"),  // folded
        ("01 78 00", "x"),
        ("00", "."),
    ])
    func owners(_ owner: String, _ name: String) throws {
        let message = try Message(decoding: answer(bytes(ofHex: owner)))
        #expect(message.answers.map(\.name.description) == [name])
        #expect(message.answers.first?.data == [192, 0, 2, 1])
    }

    @Test(arguments: [
        ("to itself", "c016", WireFault.badPointer(offset: 22)),
        ("forwards", "c018", .badPointer(offset: 22)),
        ("past the end", "ffff", .badPointer(offset: 22)),
        ("into the header", "c000", .badPointer(offset: 22)),
        ("to the last octet of the header", "c00b", .badPointer(offset: 22)),
        ("back into the labels it ends", "01 78 c016", .badPointer(offset: 24)),
        ("to its own second octet", "01 78 c018", .badPointer(offset: 24)),
        ("label of 64, the reserved kind 01", "40", .reservedLabel(0x40, offset: 22)),
        ("kind 01, the old extended label", "41", .reservedLabel(0x41, offset: 22)),
        ("kind 10", "80", .reservedLabel(0x80, offset: 22)),
        ("kind 10 behind a label", "01 78 bf", .reservedLabel(0xBF, offset: 24)),
    ])
    func badOwners(_ why: String, _ owner: String, _ expected: WireFault) {
        #expect(fault(answer(bytes(ofHex: owner))) == expected, "\(why)")
    }

    /// Two names that point at each other: the second pointer must not go back up.
    @Test func loopOfTwo() {
        let message =
            hex("1234 8000 0000 0002 0000 0000")
            + hex("c00e") + Self.rest  // at 12, forwards
            + hex("c00c") + Self.rest
        #expect(fault(message) == .badPointer(offset: 12))
    }

    /// A label at the target that reaches into the octets that point there.
    @Test func overlappingLabels() {
        let message =
            hex("1234 8000 0001 0001 0000 0000")
            + hex("01 61 00", "0510 0001")  // type 0x0510: its first octet at 15 reads as a label of five
            + hex("c00f") + Self.rest  // at 19: the label at 15 would end at 21
        #expect(fault(message) == .badPointer(offset: 19))
    }

    @Test(arguments: [
        ("nothing", ""),
        ("half a pointer", "c0"),
        ("half a label", "05 78 78"),
        ("no final zero", "01 78"),
    ])
    func cutOff(_ why: String, _ owner: String) {
        let start = hex("1234 0000 0001 0000 0000 0000", "04 78787878")
        #expect(fault(start + bytes(ofHex: owner)) == .truncated(offset: owner == "c0" ? 17 : 12), "\(why)")
        #expect(fault(start + hex("00 0001 0001")) == nil)
    }

    @Test func longestName() throws {
        let label = [63] + [UInt8](repeating: 0x78, count: 63)
        let name = label + label + label + [61] + [UInt8](repeating: 0x78, count: 61)
        let message = try Message(decoding: answer(name + [0]))
        #expect(message.answers.first?.name.octets.count == 255)
        #expect(fault(answer([1, 0x78] + name + [0])) == .nameTooLong(offset: 22))
        // The last octets come by a pointer: 250 and the five of `bc` and the root would be 254, of `a.bc` 256.
        let most = label + label + label + [57] + [UInt8](repeating: 0x78, count: 57)
        #expect(try Message(decoding: answer(most + hex("c00e"))).answers.first?.name.octets.count == 254)
        #expect(fault(answer(most + hex("c00c"))) == .nameTooLong(offset: 22))
    }

    /// Each name points to the one before: as many pointers as a name can have labels are read, one more is not.
    @Test func chainOfPointers() {
        func message(_ count: Int) -> [UInt8] {
            var message = hex("1234 8000 0000") + [UInt8(count >> 8), UInt8(count & 0xFF)] + hex("0000 0000")
            var last = 0
            for index in 0..<count {
                let offset = message.count
                message += index == 0 ? [0] : [0xC0 | UInt8(last >> 8), UInt8(last & 0xFF)]
                message += Self.rest
                last = offset
            }
            return message
        }
        #expect(fault(message(128)) == nil)
        #expect(fault(message(129)) == .badPointer(offset: 27))
    }
}
