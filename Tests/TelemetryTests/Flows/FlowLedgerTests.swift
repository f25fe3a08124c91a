import Model
import Netlink
import Testing

@testable import Telemetry

@Suite struct FlowLedgerTests {
    private static let peers = FlowPeers(
        [
            Prefix(host: IPAddress(v4: 0x0A08_0002)): "ada", Prefix(host: IPAddress(v4: 0x0A08_0003)): "bob",
            Prefix(IPAddress(v6: 0, 0), length: 0): "exit",
        ], local: [IPAddress(v4: 0x0A08_0001), IPAddress(v4: 0xCB00_7101)])
    private static let (ada, bob) = (NetlinkAddress.ipv4(0x0A08_0002), NetlinkAddress.ipv4(0x0A08_0003))
    private static let gateway = NetlinkAddress.ipv4(0xCB00_7101)
    private static let remote = NetlinkAddress.ipv4(0xC633_6407)
    private static let germany = FlowPlace.known(country: "DE", asn: 64_500)

    private func makeLedger(limit: Int = FlowLedger.limit) -> FlowLedger {
        FlowLedger(peers: Self.peers, limit: limit) { address in
            // 198.51.100.0/24 is known, of 192.0.2.0/24 the country alone.
            switch address.low >> 8 {
            case 0xC63364: Place(country: "DE", countryName: "Germany", asn: 64_500, organization: "Example")
            case 0xC00002: Place(country: "FR", countryName: "France")
            default: Place()
            }
        }
    }

    /// A flow of a peer to the internet behind masquerading, unless told otherwise.
    private func flow(
        _ id: UInt32 = 1, from source: NetlinkAddress = ada, to destination: NetlinkAddress = remote,
        answeredBy responder: NetlinkAddress? = nil, sent original: UInt64? = 0, answered reply: UInt64? = 0
    ) -> Connection {
        Connection(
            id: id, protocolNumber: 6,
            original: .init(source: source, destination: destination, sourcePort: 50_000, destinationPort: 443),
            reply: .init(
                source: responder ?? destination, destination: Self.gateway, sourcePort: 443, destinationPort: 50_000),
            originalBytes: original, replyBytes: reply)
    }

    private func take(_ ledger: inout FlowLedger) -> [FlowSample.Entry] {
        ledger.take(at: Timestamp(seconds: 5)).entries
    }

    private func entry(
        _ peer: String, received: UInt64, sent: UInt64, _ place: FlowPlace = germany
    ) -> FlowSample.Entry {
        FlowSample.Entry(peer: peer, place: place, bytes: TrafficBytes(received: received, sent: sent))
    }

    @Test func theFirstDumpIsWhatFlowedBefore() {
        var ledger = makeLedger()
        ledger.list([flow(sent: 1000, answered: 2000)])
        #expect(take(&ledger).isEmpty && ledger.count == 1)
        ledger.list([flow(sent: 1100, answered: 2500)])
        #expect(take(&ledger) == [entry("ada", received: 100, sent: 500)])
        #expect(take(&ledger).isEmpty)
    }

    @Test func anEndBeforeTheFirstDumpIsNotOurs() {
        var ledger = makeLedger()
        ledger.destroyed(flow(sent: 1000, answered: 2000))
        ledger.list([])
        #expect(take(&ledger).isEmpty)
    }

    @Test func aShortFlowIsKnownByItsEndAlone() {
        var ledger = makeLedger()
        ledger.list([])
        ledger.destroyed(flow(sent: 300, answered: 4000))
        #expect(take(&ledger) == [entry("ada", received: 300, sent: 4000)])
        #expect(ledger.count == 0)
    }

    @Test func aLongFlowAddsUpToItsLastCounters() {
        var ledger = makeLedger()
        ledger.list([])
        var sum = TrafficBytes()
        for step in 1...20 {
            ledger.list([flow(sent: UInt64(step) * 10, answered: UInt64(step * step))])
            for entry in take(&ledger) { sum += entry.bytes }
        }
        ledger.destroyed(flow(sent: 207, answered: 409))
        for entry in take(&ledger) { sum += entry.bytes }
        #expect(sum == TrafficBytes(received: 207, sent: 409))
        #expect(ledger.count == 0)
    }

    @Test func aFlowThatIsListedAfterItsEndCountsOnce() {
        var ledger = makeLedger()
        ledger.list([])
        ledger.destroyed(flow(sent: 300, answered: 4000))
        ledger.list([flow(sent: 300, answered: 4000)])
        #expect(take(&ledger) == [entry("ada", received: 300, sent: 4000)])
        #expect(ledger.count == 0)
        // A new flow got the id of the old one.
        ledger.destroyed(flow(2, sent: 300, answered: 4000))
        ledger.list([flow(2, sent: 60, answered: 0)])
        #expect(take(&ledger) == [entry("ada", received: 360, sent: 4000)])
        #expect(ledger.count == 1)
    }

    @Test func aFlowThatVanishedIsForgottenOnlyAfterTwoDumps() {
        var ledger = makeLedger()
        ledger.list([])
        ledger.list([flow(sent: 100)])
        ledger.list([])
        #expect(ledger.count == 1)
        // The table moved under the dump: it was there all the time.
        ledger.list([flow(sent: 150)])
        #expect(take(&ledger) == [entry("ada", received: 150, sent: 0)])
        ledger.list([])
        ledger.list([])
        #expect(ledger.count == 0 && take(&ledger).isEmpty)
    }

    @Test func aBrokenDumpForgetsNothingAndIsNoBaseline() {
        struct Failure: Error {}
        var ledger = makeLedger()
        let connection = flow(sent: 100)
        let broken = { (list: (Connection) -> Void) throws(Failure) in
            list(connection)
            throw Failure()
        }
        #expect(throws: Failure.self) { try ledger.dump(broken) }
        ledger.list([flow(sent: 120), flow(2, sent: 1000)])
        #expect(take(&ledger) == [entry("ada", received: 20, sent: 0)])
        for _ in 0..<3 { try? ledger.dump { (_: (Connection) -> Void) throws(Failure) in throw Failure() } }
        #expect(ledger.count == 2)
    }

    @Test func aFlowThatComesTwiceInADumpCountsOnce() {
        var ledger = makeLedger()
        ledger.list([])
        ledger.list([flow(sent: 100), flow(sent: 110)])
        #expect(take(&ledger) == [entry("ada", received: 110, sent: 0)])
    }

    @Test func countersThatWentBackAreAnotherFlow() {
        var ledger = makeLedger()
        ledger.list([flow(sent: 5000, answered: 5000)])
        ledger.list([flow(sent: 60, answered: 40)])
        #expect(take(&ledger) == [entry("ada", received: 60, sent: 40)])
    }

    @Test func aFlowWithoutCountersIsSaidAndNotCounted() {
        var ledger = makeLedger()
        ledger.list([])
        let other = NetlinkAddress.ipv4(0xC633_6408)
        ledger.list([flow(sent: nil, answered: nil), flow(2, from: other, sent: nil, answered: nil)])
        ledger.destroyed(flow(sent: nil, answered: nil))
        // That of nobody is nobody's concern.
        #expect(ledger.unaccounted == 1 && ledger.count == 0)
        #expect(take(&ledger).isEmpty)
        ledger.list([])
        #expect(ledger.unaccounted == 0)
    }

    @Test func betweenPeersBothCount() {
        var ledger = makeLedger()
        ledger.list([])
        ledger.list([flow(to: Self.bob, sent: 100, answered: 7)])
        #expect(
            take(&ledger)
                == [entry("ada", received: 100, sent: 7, .private), entry("bob", received: 7, sent: 100, .private)])
    }

    @Test func aForwardedPortCountsForThePeerThatAnswers() {
        var ledger = makeLedger()
        ledger.list([])
        ledger.list([flow(from: Self.remote, to: Self.gateway, answeredBy: Self.bob, sent: 100, answered: 9000)])
        #expect(take(&ledger) == [entry("bob", received: 9000, sent: 100)])
    }

    @Test func whatTheHostItselfSaysAndHearsIsNotForwarded() {
        var ledger = makeLedger()
        ledger.list([])
        let multicast = NetlinkAddress.ipv4(0xE000_00FB)
        ledger.list([
            flow(1, to: Self.gateway, sent: 100), flow(2, from: Self.gateway, to: Self.ada, sent: 100),
            // A question for another resolver that the host answers.
            flow(3, answeredBy: .ipv4(0x0A08_0001), sent: 100), flow(4, to: multicast, sent: 100),
            flow(5, from: .ipv6(0xFE80_0000_0000_0000, 2), to: .ipv6(0xFE80_0000_0000_0000, 1), sent: 100),
        ])
        ledger.destroyed(flow(6, to: Self.gateway, sent: 100))
        #expect(take(&ledger).isEmpty && ledger.count == 0)
    }

    @Test func theInternetIsNoPeer() {
        var ledger = makeLedger()
        ledger.list([])
        // "exit" may send from everywhere.
        let (one, two) = (NetlinkAddress.ipv6(0x2001_0DB8_0000_0000, 1), NetlinkAddress.ipv6(0x2001_0DB8_0000_0000, 2))
        ledger.list([flow(from: one, to: two, sent: 100)])
        #expect(take(&ledger).isEmpty)
    }

    @Test func whatFlowedBeforeAPeerCameIsNotThePeers() {
        var ledger = makeLedger()
        ledger.list([])
        let address = NetlinkAddress.ipv4(0x0A08_0009)
        ledger.list([flow(from: address, sent: 5000)])
        ledger.peers = FlowPeers([Prefix(host: IPAddress(v4: 0x0A08_0009)): "eve"])
        ledger.list([flow(from: address, sent: 5100)])
        #expect(take(&ledger) == [entry("eve", received: 100, sent: 0)])
    }

    @Test func placesAreAddedUpAndNamed() {
        var ledger = makeLedger()
        ledger.list([])
        let addresses: [UInt32] = [0xC633_6401, 0xC633_6402, 0xC000_0201, 0x0909_0909, 0xC0A8_0101, 0x6440_0001]
        ledger.list(addresses.enumerated().map { flow(UInt32($0), to: .ipv4($1), sent: 10, answered: 1) })
        let sample = ledger.take(at: Timestamp(seconds: 5))
        #expect(sample.time == Timestamp(seconds: 5))
        #expect(
            sample.entries == [
                entry("ada", received: 20, sent: 2),
                entry("ada", received: 10, sent: 1, .known(country: "FR", asn: nil)),
                entry("ada", received: 20, sent: 2, .private),
                entry("ada", received: 10, sent: 1, .unknown),
            ])
        #expect(
            sample.names
                == PlaceNames(countries: ["DE": "Germany", "FR": "France"], systems: [64_500: "Example"]))
        #expect(ledger.take(at: Timestamp(seconds: 6)).names == PlaceNames())
    }

    @Test func whatDoesNotFitIsCountedAtItsEnd() {
        var ledger = makeLedger(limit: 2)
        ledger.list([])
        let three = (1...3).map { flow(UInt32($0), sent: 100) }
        ledger.list(three)
        #expect(ledger.count == 2 && ledger.overflow == 1)
        #expect(take(&ledger) == [entry("ada", received: 200, sent: 0)])
        for number in 1...3 { ledger.destroyed(flow(UInt32(number), sent: 110)) }
        #expect(take(&ledger) == [entry("ada", received: 20 + 110, sent: 0)])
        #expect(ledger.count == 0)
    }
}

extension FlowLedger {
    /// Takes a dump of these connections.
    fileprivate mutating func list(_ connections: [Connection]) {
        dump { list in connections.forEach(list) }
    }
}
