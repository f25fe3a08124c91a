import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

@Suite struct CompressionTests {
    private func name(_ text: String) throws -> DomainName { try DomainName(text: text) }

    @Test func ownersAndTargets() throws {
        let answer = Answer(answers: [
            .cname(try name("www.a"), try name("x.cdn.b"), ttl: 1),
            .cname(try name("x.cdn.b"), try name("y.cdn.b"), ttl: 1),
            .address(try name("y.cdn.b"), IPAddress(v4: 0x0102_0304), ttl: 1),
            .address(try name("y.cdn.b"), IPAddress(v4: 0x0102_0305), ttl: 1),
            .ptr(try name("b"), .root, ttl: 1),
        ])
        let query = ClientQuery(id: 1, question: Question(try name("www.a"), .a))
        expect(
            answer.encoded(for: query, limit: 512),
            "0001 8180 0001 0005 0000 0000",
            "03 777777 01 61 00 0001 0001",  // at 12
            "c00c 0005 0001 00000001 0009 01 78 03 63646e 01 62 00",  // its data at 35
            "c023 0005 0001 00000001 0004 01 79 c025",
            "c038 0001 0001 00000001 0004 01020304",
            "c038 0001 0001 00000001 0004 01020305",
            "c029 000c 0001 00000001 0001 00")
    }

    /// An owner takes the question's case with it; data keeps its own.
    @Test func upperAndLowerCase() throws {
        let query = ClientQuery(id: 1, question: try #require(Question(spelling: hex("01 41 01 42 00"), .a)))
        let answer = Answer(answers: [
            ResourceRecord(name: try name("a.b"), type: .cname, ttl: 1, data: hex("01 58 01 42 00")),
            ResourceRecord(name: try name("x.b"), type: .cname, ttl: 1, data: hex("01 79 01 62 00")),
            .address(try name("y.b"), IPAddress(v4: 1), ttl: 1),
        ])
        expect(
            answer.encoded(for: query, limit: 512),
            "0001 8180 0001 0003 0000 0000",
            "01 41 01 42 00 0001 0001",
            "c00c 0005 0001 00000001 0004 01 58 c00e",  // the data at 33
            "c021 0005 0001 00000001 0005 01 79 01 62 00",
            "c031 0001 0001 00000001 0004 00000001")
    }

    /// Data that is no name is written as it is.
    @Test func badDataIsNotTouched() throws {
        let record = ResourceRecord(name: try name("a"), type: .cname, ttl: 1, data: [0xC0, 0x0C])
        let bytes = Message(id: 1, answers: [record]).encoded()
        expect(bytes, "0001 0000 0000 0001 0000 0000", "01 61 00 0005 0001 00000001 0002 c00c")
    }

    /// After a section was taken back nothing points into it.
    @Test func rewinding() throws {
        let query = ClientQuery(id: 1, question: Question(try name("q"), .a), payloadSize: 512)
        let long = ResourceRecord(name: try name("b.c"), type: .txt, ttl: 1, data: [UInt8](repeating: 0, count: 600))
        var writer = MessageWriter(limit: 512)
        writer.append(query.question)
        let mark = writer.mark
        let fits = writer.append([long], to: .answer)
        #expect(!fits)
        writer.rewind(to: mark)
        let shortFits = writer.append([.ptr(try name("b.c"), try name("x.b.c"), ttl: 1)], to: .additional)
        #expect(shortFits)
        expect(
            writer.finished(id: 1, flags: [], opcode: .query, code: .noError),
            "0001 0000 0001 0000 0000 0001",
            "01 71 00 0001 0001",
            "01 62 01 63 00 000c 0001 00000001 0004 01 78 c013")
    }

    /// A name beyond the reach of pointers (16384) is never pointed to.
    @Test func farNames() throws {
        var message = Message(id: 1)
        for index in 0..<200 {
            message.answers.append(
                ResourceRecord(
                    name: try name("n\(index % 50).long\(index).example"), type: .txt, ttl: 1,
                    data: [UInt8](repeating: 1, count: 60)))
            message.answers.append(.ptr(try name("n\(index).example"), try name("m\(index).n\(index).example"), ttl: 1))
        }
        message.answers += message.answers.reversed()
        let bytes = message.encoded()
        #expect(bytes.count > 0x4000 && !message.flags.contains(.truncated))
        #expect(try Message(decoding: bytes) == message)
    }

    /// One place per hash is looked at; a name of another spelling with the same hash is written in full.
    @Test func sameHash() throws {
        var table = CompressionTable()
        let message = hex("000000000000000000000000", "01 61 00", "01 62 00")
        table.insert(7, at: 12)
        table.insert(7, at: 15)
        #expect(table.offset(of: 7, hex("01 61 00"), from: 0, isCaseMinded: true, in: message) == 12)
        #expect(table.offset(of: 7, hex("01 62 00"), from: 0, isCaseMinded: true, in: message) == nil)
        #expect(table.offset(of: 8, hex("01 61 00"), from: 0, isCaseMinded: true, in: message) == nil)
        #expect(table.offset(of: 7, hex("01 41 00"), from: 0, isCaseMinded: true, in: message) == nil)
        #expect(table.offset(of: 7, hex("01 41 00"), from: 0, isCaseMinded: false, in: message) == 12)
        table.truncate(to: 12)
        #expect(table.offset(of: 7, hex("01 61 00"), from: 0, isCaseMinded: true, in: message) == nil)
    }
}
