import Testing

@testable import Model

@Suite("Address allocator")
struct AddressAllocatorTests {
    static func addresses(_ texts: String...) -> [InterfaceAddress] { texts.compactMap(InterfaceAddress.init) }
    static func ip(_ texts: String...) -> [IPAddress] { texts.compactMap(IPAddress.init) }

    static func used(_ texts: [String]) -> UsedAddresses {
        var used = UsedAddresses()
        for address in texts.compactMap({ IPAddress($0) }) { used.insert(address) }
        return used
    }

    @Test("both families get the same host number, the lowest that is free in both")
    func twins() throws {
        let interface = Self.addresses("10.8.0.1/24", "fd42:8::1/64")
        var allocator = AddressAllocator(
            interface, used: Self.used(["10.8.0.2", "10.8.0.3", "fd42:8::4", "fd42:8::6"]))
        #expect(try allocator.allocate() == Self.ip("10.8.0.5", "fd42:8::5"))
        #expect(try allocator.allocate() == Self.ip("10.8.0.7", "fd42:8::7"))
    }

    @Test("without a twin each family gives its lowest")
    func noTwin() throws {
        let interface = Self.addresses("10.8.0.1/29", "fd42:8::1/64")
        var allocator = AddressAllocator(
            interface, used: Self.used(["fd42:8::2", "fd42:8::3", "fd42:8::4", "fd42:8::5", "fd42:8::6", "fd42:8::7"]))
        #expect(try allocator.allocate() == Self.ip("10.8.0.2", "fd42:8::8"))
        #expect(try allocator.allocate() == Self.ip("10.8.0.3", "fd42:8::9"))
    }

    @Test("network, broadcast, gateways and standard ranges are left out")
    func reserved() throws {
        let small = AddressAllocator(Self.addresses("10.8.0.1/30"))
        #expect(
            ["10.8.0.0", "10.8.0.1", "10.8.0.2", "10.8.0.3"].filter { IPAddress($0).map(small.isFree) == true } == [
                "10.8.0.2"
            ])
        var second = AddressAllocator(Self.addresses("10.8.0.1/24", "10.8.0.2/24"))
        #expect(try second.allocate() == Self.ip("10.8.0.3"))
        var pointToPoint = AddressAllocator(Self.addresses("10.8.0.0/31", "fd42:8::/127"))
        #expect(try pointToPoint.allocate() == Self.ip("10.8.0.1", "fd42:8::1"))
        let wide = AddressAllocator(Self.addresses("126.0.0.1/7", "fd42:8::1/64", "fd42:9::1/112", "fd42:a::1/126"))
        let refused = [
            "127.0.0.1", "127.255.255.254", "fd42:8::", "fd42:8::fdff:ffff:ffff:ff80", "fd42:8::fdff:ffff:ffff:ffff",
            "fd42:9::ff80", "fd42:a::", "2001:db8::1",
        ]
        #expect(refused.filter { IPAddress($0).map(wide.isFree) == true } == [])
        let allowed = ["126.255.255.255", "fd42:8::fdff:ffff:ffff:ff7f", "fd42:9::ff7f", "fd42:a::3"]
        #expect(allowed.filter { IPAddress($0).map(wide.isFree) == true } == allowed)
        var network = AddressAllocator(Self.addresses("0.0.0.1/6"))
        #expect(try network.allocate() == Self.ip("1.0.0.0"))
    }

    @Test("networks behind peers inside the prefix are left out")
    func networks() throws {
        var used = UsedAddresses()
        var site = Peer(
            name: "site", dnsName: "site", interface: "wg0", ip: Self.ip("10.8.0.2"),
            publicKey: PublicKey(words: (1, 2, 3, 4)), location: SourceLocation(path: "a", line: 1, column: 1))
        site.routes = ["10.8.0.0/28", "10.8.0.16/32", "10.0.0.0/8", "10.8.0.0/24"].compactMap { Prefix($0) }
        used.insert(site)
        var allocator = AddressAllocator(Self.addresses("10.8.0.1/24"), used: used)
        #expect(try allocator.allocate() == Self.ip("10.8.0.17"))
        used.remove(site)
        allocator = AddressAllocator(Self.addresses("10.8.0.1/24"), used: used)
        #expect(try allocator.allocate() == Self.ip("10.8.0.2"))
    }

    @Test("the first prefix with room counts, and a full pool says which")
    func exhaustion() throws {
        var allocator = AddressAllocator(Self.addresses("10.8.0.1/30", "10.9.0.1/30", "fd42:8::1/64"))
        #expect(try allocator.allocate() == Self.ip("10.8.0.2", "fd42:8::2"))
        #expect(try allocator.allocate() == Self.ip("10.9.0.2", "fd42:8::3"))
        let error = #expect(throws: PoolExhausted.self) { try allocator.allocate() }
        #expect(error?.description == "10.8.0.0/30, 10.9.0.0/30 have no free address")
        #expect(allocator.isFree(IPAddress(v6: 0xFD42_0008_0000_0000, 4)))
    }

    @Test("a freed address is given to nobody, also when nothing else is free; the failure names the oldest")
    func quarantine() throws {
        let interface = Self.addresses("10.8.0.1/29", "fd42:8::1/64")
        let freed = Self.ip("10.8.0.4", "fd42:8::4", "10.8.0.2", "fd42:8::2")
        var allocator = AddressAllocator(interface, quarantined: freed)
        #expect(try allocator.allocate() == Self.ip("10.8.0.3", "fd42:8::3"))
        #expect(try allocator.allocate() == Self.ip("10.8.0.5", "fd42:8::5"))
        #expect(try allocator.allocate() == Self.ip("10.8.0.6", "fd42:8::6"))
        let error = #expect(throws: PoolExhausted.self) { try allocator.allocate() }
        #expect(
            error?.description
                == "10.8.0.0/29 has no free address: 2 that peers had rest for 24 hours, name one to take it now, ip: 10.8.0.4"
        )
    }

    @Test("random adds and removes: nobody moves, nothing is given twice, the same state gives the same answer")
    func properties() throws {
        var generator = SeededGenerator(seed: 11)
        let interface = Self.addresses("10.8.0.1/25", "10.9.0.1/26", "fd42:8::1/64")
        var used = UsedAddresses()
        var peers: [[IPAddress]] = []
        for _ in 0..<4000 {
            if peers.count > 20, Int.random(in: 0..<100, using: &generator) < 48 {
                for address in peers.remove(at: Int.random(in: 0..<peers.count, using: &generator)) {
                    used.remove(address)
                }
                continue
            }
            var allocator = AddressAllocator(interface, used: used)
            // A value rebuilt from the peers alone, in another order, answers alike.
            var rebuilt = UsedAddresses()
            for address in peers.shuffled(using: &generator).joined() { rebuilt.insert(address) }
            var other = AddressAllocator(interface, used: rebuilt)
            let free = Result { try allocator.allocate() }
            #expect(Result { try other.allocate() }.map { $0 } == free)
            guard case .success(let addresses) = free else {
                #expect(peers.count == 125 + 61)
                continue
            }
            #expect(addresses.count == 2)
            for address in addresses {
                #expect(!used.contains(address))
                #expect(
                    interface.contains { $0.prefix.contains(address) } && !interface.contains { $0.address == address })
                #expect(!interface.contains { $0.family == .ipv4 && $0.prefix.last == address })
                used.insert(address)
            }
            peers.append(addresses)
        }
        #expect(peers.count > 20)
    }

    @Test("100,000 allocations take time in proportion")
    func speed() throws {
        let clock = ContinuousClock()
        for (count, prefix) in [(10_000, "10.8.0.1/16"), (100_000, "10.8.0.1/8")] {
            var allocator = AddressAllocator(Self.addresses(prefix, "fd42:8::1/64"))
            var last: [IPAddress] = []
            let time = try clock.measure { for _ in 0..<count { last = try allocator.allocate() } }
            print("\(count) allocations: \(time), the last is \(last)")
            #expect(time < .seconds(20))
        }
    }
}

extension Result where Success == [IPAddress], Failure == any Error {
    static func == (left: Self, right: Self) -> Bool { (try? left.get()) == (try? right.get()) }
}
