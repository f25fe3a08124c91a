import Model
import Synchronization
import Testing

@testable import Reconciler

/// What single passes do, and above all what they leave alone.
@Suite struct PassTests {
    let gateway = FakeGateway(Sample.catalog(peers: (1...3).map { Sample.peer($0) }))

    func peers() -> [PublicKey] {
        gateway.host.kernel.link("wg0")?.device?.peers.map(\.publicKey).sorted() ?? []
    }

    @Test func aPreviewMakesNoKeyAndSaysSo() async throws {
        let report = try await gateway.start().preview(.apply)
        let interface = try #require(report.plan.changes.first { $0.object.kind == .interface })
        #expect(interface.fields.contains { $0.after == "(generated on apply)" })
        #expect(report.outcomes.allSatisfy { $0 == .planned } && report.exitCode == .changes)
        #expect(gateway.secrets.made.withLock { $0 } == 0 && gateway.inventory.writes.isEmpty)
        #expect(gateway.host.operationCount == 0)
    }

    @Test func aPreviewMayBeOfTheLookBeforeAndAPassNeverIs() async throws {
        let controller = gateway.start()
        var looks: Int { gateway.host.state.withLock { $0.observations } }
        var options = PassOptions(trigger: "write")
        options.maximumAge = .seconds(1)
        _ = try await controller.pass(.apply)
        // The pass wrote and looked again: that is the look it may be of.
        var before = looks
        #expect(try await controller.preview(options).plan.changes.isEmpty)
        #expect(looks == before)
        _ = try await controller.preview(.apply)
        #expect(looks == before + 1)
        _ = try await controller.pass(.loop)
        #expect(looks == before + 2)
        before = looks
        gateway.clock.advance(by: .milliseconds(1001))
        _ = try await controller.preview(options)
        #expect(looks == before + 1)
        gateway.host.state.withLock { $0.unreadable = [UnreadablePart(.firewall, reason: "interrupted")] }
        _ = try await controller.preview(.apply)
        before = looks
        _ = try await controller.preview(options)
        #expect(looks == before + 1)
    }

    @Test func aPassLooksWhileItReadsTheHead() async throws {
        let controller = gateway.start()
        let state = gateway.host
        var looks: Int { state.state.withLock { $0.observations } }
        _ = try await controller.pass(.apply)
        gateway.clock.advance(by: .seconds(30))
        // Somebody comes before the look that the pass begins with: what it plans on is of this pass.
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.append(ObservedPeer(publicKey: Sample.key(77))) } }
        gateway.revisions.set(Sample.catalog(peers: (1...4).map { Sample.peer($0) }), id: "r2")
        var before = looks
        let report = try await controller.pass(.loop)
        #expect(report.plan.changes.count == 2 && report.exitCode == .success, "\(report.plan.changes)")
        #expect(looks == before + 2, "once before the changes and once after them")
        // Another interface has to be looked for.
        gateway.clock.advance(by: .seconds(30))
        let more = [Sample.interface(), Sample.interface("wg1", port: 51821, "10.9.0.1/24")]
        gateway.revisions.set(Sample.catalog(more, peers: (1...4).map { Sample.peer($0) }), id: "r3")
        before = looks
        #expect(try await controller.pass(.loop).exitCode == .success)
        #expect(looks == before + 3)
        #expect(gateway.host.kernel.link("wg1")?.isUp == true)
        // What can't be read is looked for once, when the head is there.
        gateway.host.state.withLock { $0.unreadable = [UnreadablePart(.firewall, reason: "interrupted")] }
        for extra in [1, 0] {
            before = looks
            #expect(try await controller.pass(.loop).exitCode == .error)
            #expect(looks == before + 1 + extra)
        }
    }

    @Test(arguments: [
        UnreadablePart.Part.links, .device("wg0"), .routes, .firewall, .projections,
    ]) func unreadablePartsNeverLeadToDeletes(_ part: UnreadablePart.Part) async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let before = gateway.host.kernel.essence
        let inventory = gateway.inventory.current
        gateway.host.state.withLock { $0.unreadable = [UnreadablePart(part, reason: "interrupted")] }
        for options in [PassOptions.apply, .loop] {
            let report = try await controller.pass(options)
            #expect(report.exitCode == .error, "\(part)")
        }
        #expect(gateway.host.kernel.essence == before)
        #expect(gateway.inventory.current.applied == inventory.applied)
        #expect(gateway.inventory.current.interfaces == inventory.interfaces)
        #expect(gateway.inventory.current.firewall == inventory.firewall)
    }

    /// One process takes everything down and makes it anew, or somebody empties the table under it: what is there counts
    /// as applied again, or its end would be taken for drift and pass the rails.
    @Test(arguments: [false, true]) func whatIsThereCountsAsApplied(_ isEmptied: Bool) async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        _ = try await controller.pass(.loop)
        let applied = gateway.inventory.current.applied
        if isEmptied {
            gateway.inventory.edit { $0.applied = [:] }
        } else {
            _ = try await controller.pass(.teardown)
        }
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.current.applied == applied && !applied.isEmpty)
    }

    @Test func aStoppedInterfaceStartsAgainWithItsAddresses() async throws {
        let dual = Sample.interface("wg0", "10.8.0.1/24", "fd42:8::1/64")
        var stopped = dual
        stopped.enabled = false
        let gateway = FakeGateway(Sample.catalog([dual], peers: [Sample.peer(1)]))
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        for (id, interface) in [("r2", stopped), ("r3", dual)] {
            gateway.revisions.set(Sample.catalog([interface], peers: [Sample.peer(1)]), id: id)
            let report = try await controller.pass(.loop)
            #expect(report.outcomes.allSatisfy { $0 == .done }, "\(id): \(report.outcomes)")
            let link = try #require(gateway.host.kernel.link("wg0"))
            #expect(link.isUp == interface.enabled)
            // The kernel takes the IPv6 address away, and it comes back with the link.
            let expected = dual.address.filter { interface.enabled || $0.family == .ipv4 }
            #expect(Set(link.addresses) == Set(expected), "\(id)")
        }
    }

    @Test func aForeignInterfaceNeedsConsentAndKeepsItsKeyAndPeers() async throws {
        let key = SecretKey(words: (42, 1, 1, 1))
        gateway.host.edit { kernel in
            kernel.addForeignDevice(
                "wg0", key: key, peers: [ObservedPeer(publicKey: Sample.key(9), lastHandshake: gateway.clock.now())])
        }
        let before = gateway.host.kernel.link("wg0")?.device
        let controller = gateway.start()
        let refused = try await controller.pass(.apply)
        #expect(refused.exitCode == .refused)
        #expect(gateway.host.kernel.link("wg0")?.alias == "" && before?.peers.count == 1)
        #expect(gateway.secrets.keys.withLock { $0["wg0"] } == nil)
        var options = PassOptions.apply
        options.adopt = ["wg0"]
        let report = try await controller.pass(options)
        #expect(report.exitCode == .success, "\(report.outcomes) \(report.plan.problems)")
        #expect(gateway.host.kernel.link("wg0")?.device?.privateKey == key)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 4, "unmanaged peers of an adopted link stay")
        #expect(gateway.inventory.current.interfaces["wg0"]?.origin == .adopted)
    }

    @Test func aFullDiskStopsEverythingButRevocations() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.inventory.state.withLock { $0.isFull = true }
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1) { $0.enabled = false }, Sample.peer(4)]), id: "r2")
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .error && report.storeFailure?.contains("disk full") == true)
        #expect(peers() == [2, 3].map(Sample.key))

        let fresh = FakeGateway(Sample.catalog(peers: [Sample.peer(1)]))
        fresh.inventory.state.withLock { $0.isFull = true }
        #expect(try await fresh.start().pass(.apply).exitCode == .error)
        #expect(fresh.host.operationCount == 0, "nothing half done")
    }

    @Test func aFailedFirewallLetsNoNewPeerInAndNoInterfaceUp() async throws {
        gateway.host.state.withLock { state in
            state.failure = { _, operation in
                if case .replaceFirewall = operation { BackendError(.terminal, "nft is missing") } else { nil }
            }
        }
        let report = try await gateway.start().pass(.apply)
        #expect(report.exitCode == .error)
        #expect(gateway.host.kernel.link("wg0") == nil)
        #expect(gateway.host.kernel.sysctls[.ipv4Forwarding] == "0")
        #expect(report.outcomes.contains { if case .notTried(let why) = $0 { why.contains("nft") } else { false } })
    }

    @Test func aRemovedLivePeerComesBackWhereItWasSeen() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let address = try #require(IPAddress("198.51.100.7"))
        let now = gateway.clock.now()
        gateway.host.edit { kernel in
            kernel.with("wg0") { link in
                link.device?.peers[0].endpoint = SocketAddress(address, port: 4000)
                link.device?.peers[0].lastHandshake = now
                link.device?.peers[1].endpoint = SocketAddress(address, port: 4001)
            }
        }
        _ = try await controller.pass(.loop)
        gateway.host.edit { $0.removeLink("wg0") }
        _ = try await controller.pass(.loop)
        let back = try #require(gateway.host.kernel.link("wg0")?.device?.peers)
        #expect(back.first { $0.publicKey == Sample.key(1) }?.endpoint == SocketAddress(address, port: 4000))
        #expect(back.first { $0.publicKey == Sample.key(2) }?.endpoint == nil, "without a session it may be anybody's")
        #expect(gateway.inventory.current.endpoints.isEmpty)
        gateway.clock.advance(by: .seconds(301))
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.current.endpoints.count == 1 && gateway.inventory.current.lastPass != nil)
    }

    @Test func anInterruptedPassBeginsNoFurtherStepAndRecordsWhatWasDone() async throws {
        let controller = gateway.start()
        let started = Mutex<Task<PassReport, any Error>?>(nil)
        gateway.host.state.withLock { state in
            state.failure = { number, _ in
                if number == 2 { started.withLock { $0?.cancel() } }
                return nil
            }
        }
        let task = Task { try await controller.pass(.apply) }
        started.withLock { $0 = task }
        let report = try await task.value
        #expect(report.outcomes.contains(.notTried(because: "the pass was interrupted")) || report.exitCode == .success)
        #expect(gateway.inventory.current.interfaces["wg0"]?.index == gateway.host.kernel.link("wg0")?.index)
        gateway.host.state.withLock { $0.failure = nil }
        #expect(try await controller.pass(.apply).exitCode == .success)
    }

    @Test func anEndpointNameIsAskedForAndWaitedFor() async throws {
        var site = Sample.peer(1)
        site.endpoint = Endpoint("branch.example.net:51820")
        let gateway = FakeGateway(Sample.catalog(peers: [site]))
        let controller = gateway.start()
        let first = try await controller.pass(.loop)
        #expect(first.conditions.contains { $0.kind == .waiting && $0.object == ObjectID(.peer, "wg0/p1") })
        #expect(gateway.names.asked.withLock { $0 } == [["branch.example.net"]])
        let address = try #require(IPAddress("192.0.2.77"))
        gateway.names.addresses.withLock { $0["branch.example.net"] = address }
        let second = try await controller.pass(.loop)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.first?.endpoint == SocketAddress(address, port: 51820))
        #expect(!second.conditions.contains { $0.kind == .waiting })
    }

    @Test func conditionsKeepTheirBeginning() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        let since = gateway.clock.now()
        gateway.clock.advance(by: .seconds(60))
        gateway.host.edit { $0.table = nil }
        let report = try await controller.pass(.loop)
        #expect(report.conditions == [Condition(object: nil, kind: .ready, holds: true, message: "", since: since)])
        let block = FirewallBlock(
            interface: "wg0", chain: "ip filter FORWARD", what: "forwarding",
            command: "iptables -I FORWARD -i wg0 -j ACCEPT")
        gateway.host.state.withLock { $0.blocks = [block] }
        let blocked = try await controller.pass(.loop)
        #expect(blocked.conditions.map(\.kind) == [.blockedByFirewall, .ready, .blockedByFirewall])
        #expect(blocked.conditions.last?.message.contains(block.command) == true)
        #expect(blocked.exitCode == .success)
    }

    @Test func dropsAreLookedForWhereTheForwarderAnswers() async throws {
        _ = try await gateway.start().pass(.loop)
        #expect(gateway.host.state.withLock { $0.request?.forwarderPorts } == [:])
        let enforcing = FakeGateway(Sample.enforcedDNS)
        _ = try await enforcing.start().pass(.loop)
        #expect(enforcing.host.state.withLock { $0.request?.forwarderPorts } == ["wg0": 53])
    }

    @Test func aMissingSecretHoldsItsPeerAndNothingElse() async throws {
        let reference = SecretReference.file("psk")
        let gateway = FakeGateway(
            Sample.catalog(peers: [Sample.peer(1) { $0.presharedKey = reference }, Sample.peer(2)]))
        let controller = gateway.start()
        let report = try await controller.pass(.loop)
        #expect(report.exitCode == .error)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.map(\.publicKey) == [Sample.key(2)])
        gateway.secrets.values.withLock { $0[reference] = SecretKey(words: (5, 5, 5, 5)) }
        #expect(try await controller.pass(.loop).exitCode == .success)
        let peers = gateway.host.kernel.link("wg0")?.device?.peers ?? []
        #expect(peers.first { $0.publicKey == Sample.key(1) }?.presharedKey == SecretKey(words: (5, 5, 5, 5)))
    }

    @Test func aSealedKeyIsOpenedOnceAndOnlyAtItsPlace() async throws {
        let reference = SecretReference.sealed("sealed:v1:AAAA")
        var settings = Settings()
        settings.repositoryID = "123e4567-e89b-12d3-a456-426614174000"
        let peers = (1...2).map { Sample.peer($0) { $0.presharedKey = reference } }
        let sample = Sample.catalog(peers: peers)
        let gateway = FakeGateway(Catalog(interfaces: sample.interfaces, peers: peers, settings: settings))
        gateway.secrets.values.withLock { $0[reference] = SecretKey(words: (5, 5, 5, 5)) }
        gateway.secrets.places.withLock { $0[reference] = settings.secretContext(of: peers[0], field: "preshared_key") }
        let controller = gateway.start()
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .error)
        #expect(report.plan.problems.map(\.message) == ["sealed:v1:AAAA… was sealed for another place"])
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.map(\.publicKey) == [Sample.key(1)])
        let asked = gateway.secrets.asked.withLock { $0[reference] ?? 0 }
        _ = try await controller.pass(.apply)
        // The one that failed is tried again; the other's outcome can't be another one.
        #expect(gateway.secrets.asked.withLock { $0[reference] ?? 0 } == asked + 1)
    }

    @Test func theGuardOfTheAdvertisedRouteComesBeforeForwarding() async throws {
        let gateway = FakeGateway(
            Sample.catalog([Sample.interface("wg0", port: 51820, "fd42:8::1/64")], peers: []))
        gateway.host.edit { $0.hasAdvertisedRoute = true }
        let controller = gateway.start()
        #expect(try await controller.pass(.apply).exitCode == .success)
        #expect(gateway.host.kernel.hasAdvertisedRoute && gateway.host.kernel.sysctls[.ipv6Forwarding] == "1")
        #expect(try await controller.pass(.loop).writes == 0)
        #expect(try await controller.pass(.teardown).exitCode == .success)
        #expect(gateway.host.kernel.sysctls[.ipv6Forwarding] == "0")
        #expect(gateway.host.kernel.sysctls[.acceptRouterAdvertisements("eth0")] == "1")
    }

    @Test func withoutTheGuardForwardingIsNotTried() async throws {
        let gateway = FakeGateway(
            Sample.catalog([Sample.interface("wg0", port: 51820, "fd42:8::1/64")], peers: []))
        gateway.host.edit { $0.hasAdvertisedRoute = true }
        gateway.host.state.withLock { state in
            state.failure = { _, operation in
                if case .setSysctl(.acceptRouterAdvertisements("eth0"), _) = operation {
                    BackendError(.terminal, "read-only file system")
                } else {
                    nil
                }
            }
        }
        let report = try await gateway.start().pass(.apply)
        #expect(report.exitCode == .partial)
        #expect(gateway.host.kernel.hasAdvertisedRoute && gateway.host.kernel.sysctls[.ipv6Forwarding] == "0")
    }
}
