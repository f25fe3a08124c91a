import Glibc
import Testing

@testable import Netlink

@Suite struct ConversationTests {
    typealias Reply = FakeKernel.Reply

    /// `RTM_NEWLINK` of a link with this index and a name of one letter.
    func link(_ index: Int32, flags: UInt16 = 2, wrongSequence: UInt32 = 0, wrongPort: UInt32 = 0) -> Reply {
        let header = [0, 0, 0, 0] + word(index) + word(0) + word(0)
        return Reply(
            type: 16, flags: flags, payload: header + attribute(3, [UInt8(96 + index), 0]),
            wrongSequence: wrongSequence, wrongPort: wrongPort)
    }

    @Test func aDumpSpansDatagramsUntilDone() throws {
        let kernel = FakeKernel([[.messages([link(1), link(2)]), .messages([link(3)]), .messages([.done()])]])
        #expect(try RouteSocket(kernel).links().map(\.name) == ["a", "b", "c"])
        let request = try #require(kernel.requests.first)
        #expect(integer(request, at: 4) >> 16 == 0x301)  // NLM_F_REQUEST|NLM_F_DUMP
        #expect(integer(request, at: 8) == 1 && integer(request, at: 12) == 0x4711)
        #expect(integer(request, at: 0) == UInt32(request.count))
    }

    @Test func anAcknowledgementEndsAChange() throws {
        let kernel = FakeKernel([[.messages([.acknowledgement()])], [.messages([.acknowledgement()])]])
        let socket = RouteSocket(kernel)
        try socket.setLink(index: 1, LinkChanges(isUp: true))
        try socket.deleteLink(index: 1)
        #expect(kernel.requests.map { integer($0, at: 4) >> 16 } == [5, 5])  // NLM_F_REQUEST|NLM_F_ACK
        #expect(kernel.requests.map { integer($0, at: 8) } == [1, 2])
    }

    @Test func aRefusalCarriesTheKernelsWords() throws {
        let tail = attribute(1, Array("no such thing".utf8) + [0]) + attribute(2, word(36)) + attribute(5, word(7))
        let kernel = FakeKernel([[.messages([.acknowledgement(EINVAL, flags: 0x300, tail: tail)])]])
        let error = #expect(throws: NetlinkError.self) { try RouteSocket(kernel).deleteLink(index: 9) }
        #expect(
            error
                == .refused(
                    NetlinkRefusal(
                        operation: "delete link 9", errno: EINVAL, message: "no such thing", offset: 36,
                        missingType: 7)))
        #expect(
            error?.description
                == "delete link 9: invalid argument (errno 22): no such thing, attribute 7 is missing, "
                + "at byte 36 of the request")
    }

    /// Without NETLINK_CAP_ACK the refused request stands between the error and its attributes.
    @Test func aRefusalThatQuotesTheRequestIsUnderstood() throws {
        let request = word(24) + [UInt8](repeating: 0xff, count: 20)
        let payload = word(-EBUSY) + request + attribute(1, Array("busy".utf8) + [0])
        let kernel = FakeKernel([[.messages([Reply(type: 2, flags: 0x200, payload: payload)])]])
        let error = #expect(throws: NetlinkError.self) { try RouteSocket(kernel).deleteLink(index: 9) }
        #expect(error?.description == "delete link 9: device or resource busy (errno 16): busy")
    }

    @Test func aRefusedDumpIsNotAnEmptyOne() {
        for reply in [Reply.acknowledgement(EPERM), .done(EPERM)] {
            let error = #expect(throws: NetlinkError.self) {
                try RouteSocket(FakeKernel([[.messages([link(1), reply])]])).links()
            }
            #expect(error?.isNotPermitted == true)
        }
    }

    @Test func anInterruptedDumpIsReadAgain() throws {
        let interrupted: UInt16 = 2 | 0x10
        let kernel = FakeKernel([
            [.messages([link(1)]), .messages([link(2, flags: interrupted)]), .messages([.done(flags: interrupted)])],
            [.messages([link(1)]), .messages([.done(flags: interrupted)])],
            [.messages([link(1), .done(EINTR)])],
            [.messages([link(1)]), .failure(.overrun)],
            [.messages([link(3), .done()])],
        ])
        #expect(try RouteSocket(kernel).links().map(\.index) == [3])
        #expect(kernel.requests.count == 5)
        #expect(kernel.requests.map { integer($0, at: 8) } == [1, 2, 3, 4, 5])
    }

    @Test func aDumpThatIsAlwaysInterruptedIsGivenUp() {
        let kernel = FakeKernel(Array(repeating: [.messages([link(1), .done(flags: 0x12)])], count: 100))
        let error = #expect(throws: NetlinkError.self) { try RouteSocket(kernel).links() }
        #expect(error == .interrupted(operation: "list links", attempts: 10))
        #expect(kernel.requests.count == 10)
    }

    @Test func aChangeIsNotRepeatedAfterAnOverrun() {
        let kernel = FakeKernel([[.failure(.overrun)]])
        let error = #expect(throws: NetlinkError.self) { try RouteSocket(kernel).deleteLink(index: 1) }
        #expect(error == .overrun)
        #expect(kernel.requests.count == 1 && kernel.discards == 1)
    }

    @Test func repliesOfOthersAreRefused() {
        for wrong in [link(1, wrongSequence: 1), link(1, wrongSequence: 0xffff_ffff), link(1, wrongPort: 1)] {
            let kernel = FakeKernel([[.messages([wrong, .done()])]])
            #expect(throws: NetlinkError.self) { try RouteSocket(kernel).links() }
            // What follows of that reply must not be taken for the next one.
            #expect(kernel.discards == 1)
        }
    }

    @Test func silenceIsAnError() {
        for answer: [FakeKernel.Step] in [[], [.silence], [.messages([link(1)]), .silence]] {
            let error = #expect(throws: NetlinkError.self) { try RouteSocket(FakeKernel([answer])).links() }
            #expect(error == .timedOut(operation: "list links"))
        }
    }

    @Test func anAcknowledgementWithoutTheObjectIsAnError() {
        let kernel = FakeKernel([[.messages([.acknowledgement()])]])
        #expect(throws: NetlinkError.self) { try RouteSocket(kernel).link(named: "wg0") }
    }

    @Test(arguments: [
        [], [1], [UInt8](repeating: 0, count: 16), word(15) + [UInt8](repeating: 0, count: 12),
        word(400) + [UInt8](repeating: 0, count: 12), [UInt8](repeating: 0xff, count: 64),
    ]) func truncatedDatagramsAreErrors(bytes: [UInt8]) {
        let kernel = FakeKernel([[.bytes(bytes)]])
        #expect(throws: NetlinkError.self) { try RouteSocket(kernel).links() }
        #expect(kernel.discards == 1)
    }

    @Test func shortVerdictsAreErrors() throws {
        for payload in [[], word(0), word(0) + [UInt8](repeating: 0, count: 15)] {
            let kernel = FakeKernel([[.messages([Reply(type: 2, payload: payload)])]])
            #expect(throws: NetlinkError.self) { try RouteSocket(kernel).deleteLink(index: 1) }
        }
        // NLMSG_DONE without an error number is how old kernels end a dump.
        #expect(try RouteSocket(FakeKernel([[.messages([link(1), Reply(type: 3)])]])).links().count == 1)
        // The lowest number has no positive counterpart.
        let kernel = FakeKernel([[.messages([Reply(type: 2, payload: word(.min) + [UInt8](repeating: 0, count: 16))])]])
        #expect(throws: NetlinkError.self) { try RouteSocket(kernel).deleteLink(index: 1) }
    }

    @Test func aMessageOverrunIsReadAgain() throws {
        let kernel = FakeKernel([[.messages([Reply(type: 4)])], [.messages([Reply(type: 1), link(2), .done()])]])
        #expect(try RouteSocket(kernel).links().map(\.index) == [2])
    }

    @Test func whatCannotBeEncodedIsNotSent() {
        let kernel = FakeKernel([])
        let error = #expect(throws: NetlinkError.self) { try RouteSocket(kernel).link(named: "w\0g") }
        guard case .unencodable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(kernel.requests.isEmpty)
    }

    @Test func filtersHoldOnKernelsThatIgnoreThem() throws {
        func route(_ table: UInt8, _ originator: UInt8) -> Reply {
            Reply(type: 24, flags: 2, payload: [2, 0, 0, 0, table, originator, 0, 1, 0, 0, 0, 0])
        }
        let kernel = FakeKernel([[.messages([route(254, 173), route(7, 173), route(7, 4), .done()])]])
        let routes = try RouteSocket(kernel).routes(RouteFilter(family: .ipv4, table: 7, originator: 173))
        #expect(routes.count == 1)
        func address(_ family: UInt8, _ link: Int32) -> Reply {
            Reply(type: 20, flags: 2, payload: [family, 32, 0, 0] + word(link) + attribute(1, [10, 0, 0, 1]))
        }
        // A kernel without IPv6 answers a request for it with what it has.
        let other = FakeKernel([
            [.messages([address(2, 5), address(2, 6), .done()])], [.messages([address(2, 5), .done()])],
        ])
        #expect(try RouteSocket(other).addresses(linkIndex: 5).count == 1)
    }

    @Test func aFamilyIsLookedUpOnce() throws {
        let family = Reply(
            type: 16, payload: [1, 2, 0, 0] + attribute(2, Array("wireguard".utf8) + [0]) + attribute(1, [29, 0]))
        let kernel = FakeKernel([
            [.messages([family]), .messages([.acknowledgement()])],
            [.messages([Reply(type: 29, flags: 2, payload: [0, 1, 0, 0] + attribute(1, word(5))), .done()])],
            [.messages([.acknowledgement()])],
        ])
        let socket = WireGuardSocket(GenericSocket(kernel))
        #expect(try socket.device(.index(5)).index == 5)
        try socket.setDevice(.index(5), WireGuardConfiguration(fwmark: 1))
        #expect(kernel.requests.map { integer($0, at: 4) & 0xffff } == [16, 29, 29])
        let missing = FakeKernel([[.messages([.acknowledgement(ENOENT)])]])
        let error = #expect(throws: NetlinkError.self) {
            try WireGuardSocket(GenericSocket(missing)).checkSupport()
        }
        #expect(error == .noSuchFamily("wireguard"))
    }

    /// Peers that were read before the interruption are not mixed with those that are read after it.
    @Test func anInterruptedDeviceIsReadAgainAsAWhole() throws {
        func device(_ peer: UInt8, flags: UInt16 = 2) -> Reply {
            let key = attribute(1, [UInt8](repeating: peer, count: 32))
            let peers = attribute(8 | 0x8000, attribute(0 | 0x8000, key))
            return Reply(type: 29, flags: flags, payload: [0, 1, 0, 0] + attribute(1, word(5)) + peers)
        }
        let family = Reply(type: 16, payload: [1, 2, 0, 0] + attribute(1, [29, 0]))
        let kernel = FakeKernel([
            [.messages([family]), .messages([.acknowledgement()])],
            [.messages([device(1)]), .messages([device(2, flags: 0x12), .done(flags: 0x12)])],
            [.messages([device(1)]), .failure(.overrun)],
            [.messages([device(2)]), .messages([device(3), .done()])],
        ])
        let found = try WireGuardSocket(GenericSocket(kernel)).device(.index(5))
        #expect(found.peers.map { $0.publicKey.bytes.first } == [2, 3])
        #expect(kernel.requests.count == 4)
    }

    /// A module that was unloaded and loaded again has another id; the old one gives ENOENT.
    @Test func aFamilyThatCameBackIsLookedUpAgain() throws {
        func family(_ id: UInt8) -> [FakeKernel.Step] {
            [.messages([Reply(type: 16, payload: [1, 2, 0, 0] + attribute(1, [id, 0])), .acknowledgement()])]
        }
        let kernel = FakeKernel([
            family(29), [.messages([.acknowledgement(ENOENT)])], family(30), [.messages([.acknowledgement()])],
        ])
        try WireGuardSocket(GenericSocket(kernel)).setDevice(.index(5), WireGuardConfiguration(fwmark: 1))
        #expect(kernel.requests.map { integer($0, at: 4) & 0xffff } == [16, 29, 16, 30])
    }

    @Test func lostOrUnreadableEventsAreEvents() throws {
        let kernel = FakeKernel([
            [.failure(.overrun), .bytes([1, 2, 3]), .messages([link(4), Reply(type: 28, payload: [1])]), .silence]
        ])
        let events = EventSocket(kernel)
        try kernel.send([UInt8](repeating: 0, count: 16))
        let heard = try events.receive()
        #expect(heard.map(\.object).prefix(2) == [.overrun, .unreadable])
        #expect(heard.count == 3 && heard[2].linkIndex == 4)
        #expect(try events.receive().isEmpty)
    }
}
