import Model
import Reconciler
import Synchronization
import Testing

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

    @Test func aRevocationGoesBeforeEverythingElseOfThePass() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.host.edit { kernel in
            kernel.table = nil
            kernel.with("wg0") { $0.addresses = [] }
        }
        let start = gateway.host.operationCount
        gateway.revisions.set(
            Sample.catalog(peers: [Sample.peer(1) { $0.enabled = false }, Sample.peer(2), Sample.peer(4)]), id: "r2")
        let report = try await controller.pass(.loop)
        #expect(report.exitCode == .success, "\(report.outcomes)")
        guard case .configurePeers(_, let first) = gateway.host.operations[start] else {
            Issue.record("the first operation is \(gateway.host.operations[start])")
            return
        }
        #expect(first.map(\.publicKey) == [Sample.key(1)] && first.map(\.action) == [.remove])
        #expect(peers() == [2, 4].map(Sample.key))
    }

    @Test func aRevocationThatCannotBeReadBackIsAFailure() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.host.state.withLock { state in
            state.lost = { _, operation in if case .configurePeers = operation { true } else { false } }
        }
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1) { $0.enabled = false }, Sample.peer(2)]), id: "r2")
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .partial)
        let condition = report.conditions.first { $0.object == ObjectID(.peer, "wg0/p1") }
        #expect(condition?.message == "the peer is still there after it was removed")

        gateway.host.state.withLock { $0.lost = nil }
        #expect(try await controller.pass(.apply).exitCode == .success)
    }

    @Test func aRevocationOnADeviceThatCannotBeReadAfterwardsIsAFailure() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(
            Sample.catalog(peers: [Sample.peer(1) { $0.enabled = false }, Sample.peer(2), Sample.peer(3)]), id: "r2")
        // The device becomes unreadable between the look and the read-back.
        gateway.host.state.withLock { state in
            state.unreadableAfterOperation = [UnreadablePart(.device("wg0"), reason: "dump interrupted")]
        }
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .partial)
        #expect(
            report.outcomes.contains(
                .failed(message: "the revocation could not be read back: dump interrupted", isTerminal: false)))
    }

    @Test func revocationsRunWhileSuspendedAndNothingElse() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.inventory.edit { $0.suspension = Suspension(reason: "maintenance", until: nil) }
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1) { $0.enabled = false }, Sample.peer(4)]), id: "r2")
        let report = try await controller.pass(.loop)
        #expect(peers() == [2, 3].map(Sample.key))
        #expect(report.conditions.contains { $0.kind == .suspended && $0.message == "maintenance" })
        gateway.inventory.edit { $0.suspension = Suspension(reason: "maintenance", until: gateway.clock.now()) }
        _ = try await controller.pass(.loop)
        #expect(peers() == [Sample.key(4)], "the suspension is over")
    }

    @Test func anEmergencyRevocationWinsOverTheManifestUntilItEnds() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let until = gateway.clock.now().advanced(bySeconds: 3600)
        try await gateway.inventory.revoke(Revocation(publicKey: Sample.key(2), until: until, author: "root"))
        let report = try await controller.pass(PassOptions(trigger: "revoke", scope: .revocations))
        #expect(report.exitCode == .success && peers() == [1, 3].map(Sample.key))
        #expect(report.conditions.contains { $0.kind == .revoked && $0.object == ObjectID(.peer, "wg0/p2") })
        #expect(controller.view?.nextInstant == until)
        #expect(try await controller.pass(.apply).writes == 0)
        gateway.clock.advance(by: .seconds(3600))
        _ = try await controller.pass(.loop)
        #expect(peers() == [1, 2, 3].map(Sample.key))
    }

    @Test func withoutAUsableRevisionOnlyRevocationsHappenAfterARestart() async throws {
        _ = try await gateway.start().pass(.apply)
        gateway.revisions.set(
            .failure(.invalid(revision: "r2", problems: ["a.yaml:3:1: error[syntax]: no", "b.yaml:1:1: error: x"])))
        let until = gateway.clock.now().advanced(bySeconds: 60)
        try await gateway.inventory.revoke(Revocation(publicKey: Sample.key(2), until: until, author: "root"))
        let before = gateway.host.operationCount
        let controller = gateway.start()
        let report = try await controller.pass(.loop)
        #expect(peers() == [1, 3].map(Sample.key) && gateway.host.operationCount == before + 1)
        #expect(report.exitCode == .invalid && report.inForce == nil)
        #expect(gateway.inventory.revisions.first?.status == .failed)
        #expect(gateway.inventory.revisions.first?.message.hasPrefix("a.yaml:3:1") == true)
        #expect(report.conditions.contains { $0.kind == .stalled && $0.message.contains("a.yaml:3:1") })
    }

    @Test(arguments: [
        RevisionFailure.unreadable("the directory is missing"), .invalid(revision: "r2", problems: ["a.yaml:1:1: bad"]),
    ])
    func theLastGoodRevisionStaysEnforced(_ failure: RevisionFailure) async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        let before = gateway.host.kernel.essence
        gateway.revisions.set(.failure(failure))
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeFirst() } }
        let report = try await controller.pass(.loop)
        #expect(report.outcomes == [.done] && report.inForce == "r1" && report.revisionFailure == failure)
        #expect(gateway.host.kernel.essence == before)
        let (writes, operations) = (gateway.inventory.writes.count, gateway.host.operationCount)
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.writes.count == writes && gateway.host.operationCount == operations)
        #expect(try await controller.pass(.apply).exitCode != .success)
    }

    @Test func anEmptyCatalogIsRefusedAndTheLastGoodOneHealed() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        let before = gateway.host.kernel.essence
        gateway.revisions.set(.empty, id: "r2")
        gateway.host.edit { $0.table = nil }
        let report = try await controller.pass(.loop)
        #expect(report.exitCode == .refused && report.inForce == "r1")
        #expect(report.healing?.outcomes == [.done])
        #expect(gateway.host.kernel.essence == before)
        #expect(gateway.inventory.revisions.first.map { "\($0.id) \($0.status)" } == "r2 failed")
        _ = try await controller.pass(.loop)
        let writes = gateway.inventory.writes.count
        _ = try await controller.pass(.loop)
        #expect(Array(gateway.inventory.writes.dropFirst(writes)) == [])
    }

    @Test func aRefusedRevisionRevokesAndAnApprovedOneApplies() async throws {
        let gateway = FakeGateway(Sample.catalog(peers: (1...40).map { Sample.peer($0) }))
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        let smaller = (1...20).map { number in Sample.peer(number) { $0.enabled = number != 5 } }
        gateway.revisions.set(Sample.catalog(peers: smaller), id: "r2")
        let report = try await controller.pass(.loop)
        let refusal = try #require(report.plan.refusals.first)
        #expect(refusal.rail == "max-deletes" && report.exitCode == .refused)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 39, "only the revoked one is gone")
        // Healing of the last good revision must not bring it back.
        gateway.host.edit { $0.with("wg0") { $0.device?.peers.removeLast() } }
        _ = try await controller.pass(.loop)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 39)
        var approved = PassOptions.apply
        approved.approvals = [refusal.digest]
        #expect(try await controller.pass(approved).exitCode == .success)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 19)
    }

    @Test(arguments: [
        UnreadablePart.Part.links, .device("wg0"), .routes, .firewall,
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

    @Test func aStalePlanIsNotApplied() async throws {
        let controller = gateway.start()
        let preview = try await controller.preview(.apply)
        gateway.revisions.set(Sample.catalog(peers: [Sample.peer(1)]), id: "r2")
        var options = PassOptions.apply
        options.expectedPlanID = preview.plan.id
        let report = try await controller.pass(options)
        #expect(report.isStale && report.exitCode == .stale && gateway.host.operationCount == 0)
        options.expectedPlanID = try await controller.preview(.apply).plan.id
        #expect(try await controller.pass(options).exitCode == .success)
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

    @Test func healingBesideARefusedHeadKeepsItsOwnFacts() async throws {
        var site = Sample.peer(1)
        site.endpoint = Endpoint("192.0.2.9:51820")
        let gateway = FakeGateway(Sample.catalog(peers: [site]))
        gateway.host.state.withLock { $0.routeMTU = 1400 }
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        #expect(gateway.host.kernel.link("wg0")?.mtu == 1320)
        gateway.revisions.set(.empty, id: "r2")
        let report = try await controller.pass(.loop)
        #expect(report.healing?.plan.changes.map(\.fields) == [] && gateway.host.kernel.link("wg0")?.mtu == 1320)
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
}
