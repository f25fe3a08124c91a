import Database
import Model
import Reconciler
import Testing

@Suite struct InventoryTests {
    let directory: TemporaryDirectory
    let database: GatewayDatabase

    init() throws {
        directory = try TemporaryDirectory()
        database = try GatewayDatabase.open(state: directory.path)
    }

    /// Checks the snapshot in memory and the one another process reads from the file.
    private func expect(_ check: (InventorySnapshot) throws -> Void) async throws {
        try check(try await database.snapshot())
        try check(try await GatewayDatabase.open(state: directory.path).snapshot())
    }

    @Test func beginsEmpty() async throws {
        try await expect { inventory in
            #expect(inventory.interfaces.isEmpty && inventory.applied.isEmpty && inventory.endpoints.isEmpty)
            #expect(inventory.firewall == nil && inventory.suspension == nil && inventory.lastPass == nil)
            #expect(inventory.lastApplied == nil && inventory.conditions.isEmpty && inventory.approvals.isEmpty)
        }
    }

    @Test func interfacesFromIntentToForgotten() async throws {
        let intent = Sample.interface("wg0", index: nil)
        try await database.recordIntent(intent)
        try await expect { #expect($0.interfaces == ["wg0": intent]) }
        var outcome = intent
        outcome.index = 12
        outcome.origin = .adopted
        outcome.implementation = .kernel
        outcome.host = HostIdentity(bootID: "other", namespace: .max)
        try await database.recordOutcome(outcome)
        try await database.rememberEndpoints([
            Sample.peer(0): Sample.endpoint("192.0.2.1:1"), Sample.peer(1): Sample.endpoint("192.0.2.1:2"),
        ])
        try await expect { #expect($0.interfaces == ["wg0": outcome]) }
        try await database.forgetInterface("wg0")
        try await expect {
            #expect($0.interfaces == [:])
            #expect($0.endpoints == [Sample.peer(1): Sample.endpoint("192.0.2.1:2")])
        }
    }

    @Test func appliedDigestsAreMergedAndRemoved() async throws {
        let (a, b) = (ObjectID(.peer, "wg0/zoë 😀"), ObjectID(.route, "10.0.0.0/8 dev wg0 table 254"))
        try await database.recordApplied([a: "1", b: "2"])
        try await database.recordApplied([a: "3", ObjectID(.interface, "wg0/zoë 😀"): "4"])
        try await expect { #expect($0.applied == [a: "3", b: "2", ObjectID(.interface, "wg0/zoë 😀"): "4"]) }
        try await database.recordApplied([a: nil, b: nil, ObjectID(.rule, "none"): nil])
        try await expect { #expect($0.applied == [ObjectID(.interface, "wg0/zoë 😀"): "4"]) }
    }

    @Test func firewallAndSysctls() async throws {
        let structure = FirewallStructure(policyDigest: "p", listingDigest: "l")
        let forwarding = SysctlOwnership(prior: "0", written: "1")
        try await database.recordFirewall(structure)
        try await database.recordSysctl(.ipv4Forwarding, forwarding)
        try await database.recordSysctl(.ipv6Forwarding, forwarding)
        try await expect {
            #expect($0.firewall == structure)
            #expect($0.sysctls == [.ipv4Forwarding: forwarding, .ipv6Forwarding: forwarding])
        }
        try await database.recordFirewall(nil)
        try await database.recordSysctl(.ipv4Forwarding, nil)
        try await expect {
            #expect($0.firewall == nil)
            #expect($0.sysctls == [.ipv6Forwarding: forwarding])
        }
    }

    @Test func endpointsAndExpiries() async throws {
        let endpoints = [
            Sample.peer(1): Sample.endpoint("192.0.2.1:51820"), Sample.peer(2): Sample.endpoint("[2001:db8::1]:1"),
        ]
        try await database.rememberEndpoints(endpoints)
        try await database.rememberEndpoints([Sample.peer(1): Sample.endpoint("198.51.100.7:65535")])
        try await database.recordExpired([Sample.peer(3): Sample.now])
        try await database.recordExpired([Sample.peer(3): Timestamp(seconds: -5), Sample.peer(4): Sample.now])
        try await expect {
            #expect($0.endpoints[Sample.peer(1)] == Sample.endpoint("198.51.100.7:65535"))
            #expect($0.endpoints[Sample.peer(2)] == endpoints[Sample.peer(2)])
            #expect($0.expired == [Sample.peer(3): Timestamp(seconds: -5), Sample.peer(4): Sample.now])
        }
    }

    @Test func revocationsApprovalsAndSuspension() async throws {
        let first = Revocation(publicKey: Sample.key(1), until: Sample.now, author: "alice")
        let longer = Revocation(
            publicKey: Sample.key(1), until: Sample.now.advanced(bySeconds: 60), author: "bob; DROP TABLE 'x'")
        let other = Revocation(publicKey: Sample.key(2), until: Sample.now, author: "")
        try await database.revoke(first)
        try await database.revoke(other)
        try await database.revoke(longer)
        try await database.approve("d1", at: Sample.now)
        try await database.setSuspension(Suspension(reason: "holiday", until: nil))
        try await expect {
            #expect(Set($0.revocations) == [longer, other] && $0.revocations.count == 2)
            #expect($0.approvals == ["d1"])
            #expect($0.suspension == Suspension(reason: "holiday", until: nil))
        }
        try await database.unrevoke(Sample.key(1))
        try await database.setSuspension(Suspension(reason: "holiday", until: Sample.now))
        try await expect {
            #expect($0.revocations == [other])
            #expect($0.suspension == Suspension(reason: "holiday", until: Sample.now))
        }
        try await database.setSuspension(nil)
        try await expect { #expect($0.suspension == nil) }
    }

    @Test func conditionsAreReplacedInOrder() async throws {
        let conditions = Condition.Kind.allCases.enumerated().map { index, kind in
            Condition(
                object: index % 2 == 0 ? nil : ObjectID(.peer, "wg0/p\(index)"), kind: kind, holds: index % 3 == 0,
                message: "because \(index)", since: Sample.now.advanced(bySeconds: Int64(index)))
        }
        try await database.recordConditions(conditions)
        try await expect { #expect($0.conditions == conditions) }
        try await database.recordConditions(conditions.reversed().dropLast(2))
        try await expect { #expect($0.conditions == conditions.reversed().dropLast(2)) }
        try await database.recordConditions([])
        try await expect { #expect($0.conditions == []) }
    }

    @Test func lastPass() async throws {
        try await database.recordLastPass(Sample.now)
        try await expect { #expect($0.lastPass == Sample.now) }
    }
}
