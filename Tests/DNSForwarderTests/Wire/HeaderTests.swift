import Testing

@testable import DNSForwarder

@Suite struct HeaderTests {
    @Test func fields() throws {
        let bytes = hex(
            "beef",  // id
            "a9b5",  // QR, opcode 5, AA off, TC off, RD, RA, Z off, AD, CD, rcode 5
            "0001",  // questions
            "0203",  // answers
            "0405",  // authority
            "0607")  // additional
        let header = try Header(decoding: bytes.span)
        #expect(header.id == 0xBEEF)
        #expect(header.opcode == .update)
        #expect(header.responseCode == .refused)
        #expect(header.flags == [.response, .recursionDesired, .recursionAvailable, .authenticData, .checkingDisabled])
        #expect(header.questionCount == 1)
        #expect(header.answerCount == 0x0203)
        #expect(header.authorityCount == 0x0405)
        #expect(header.additionalCount == 0x0607)
        #expect(header.bits == 0xA9B5)
    }

    @Test(
        arguments: [
            (Header.Flags.response, 0x8000), (.authoritative, 0x0400), (.truncated, 0x0200),
            (.recursionDesired, 0x0100),
            (.recursionAvailable, 0x0080), (.reserved, 0x0040), (.authenticData, 0x0020), (.checkingDisabled, 0x0010),
        ] as [(Header.Flags, UInt16)])
    func bits(_ flag: Header.Flags, _ bits: UInt16) throws {
        let bytes = [0, 0, UInt8(bits >> 8), UInt8(bits & 0xFF)] + [UInt8](repeating: 0, count: 8)
        let header = try Header(decoding: bytes.span)
        #expect(header.flags == flag)
        #expect(header.opcode == .query)
        #expect(header.responseCode == .noError)
        #expect(Header(id: 0, flags: flag).bits == bits)
    }

    /// Flags never spill into opcode and code, nor those into flags.
    @Test func fieldsAreKeptApart() {
        let header = Header(
            id: 0, flags: Header.Flags(rawValue: 0xFFFF), opcode: Opcode(rawValue: 0), responseCode: .noError)
        #expect(header.bits == 0x87F0)
        #expect(Header(id: 0, opcode: Opcode(rawValue: 0xFF), responseCode: .init(rawValue: 0xFFFF)).bits == 0x780F)
    }

    @Test func everyPairOfOctetsComesBack() throws {
        for bits in UInt16.min...UInt16.max {
            let bytes = [0, 0, UInt8(bits >> 8), UInt8(bits & 0xFF)] + [UInt8](repeating: 0, count: 8)
            #expect(try Header(decoding: bytes.span).bits == bits)
        }
    }

    @Test(arguments: 0..<12) func short(_ count: Int) {
        let bytes = [UInt8](repeating: 0, count: count)
        #expect(throws: WireFault.truncated(offset: count)) { try Header(decoding: bytes.span) }
        #expect(fault(bytes) == .truncated(offset: count))
    }

    @Test func codes() {
        #expect(ResponseCode.badVersion.high == 1)
        #expect(ResponseCode.badVersion.low == 0)
        #expect(ResponseCode(high: 1, low: 7).rawValue == 23)
        #expect(ResponseCode(high: 0xFF, low: 0xF).rawValue == 4095)
        #expect(ResponseCode.nameError.description == "NXDOMAIN")
        #expect(ResponseCode(rawValue: 11).description == "DSOTYPENI")
        #expect(ResponseCode(rawValue: 3000).description == "RCODE3000")
        #expect(RecordClass.chaos.description == "CH")
        #expect(RecordClass(rawValue: 65280).description == "CLASS65280")
    }
}
