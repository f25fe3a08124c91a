import Credentials
import Model
import Synchronization

@testable import Reconciler

/// What holds after every sequence.
extension World {
    /// Passes of somebody who consents to what rails ask for, until nothing is left.
    private static let passes = 2

    /// Why the sequence fails; nil when everything is as it must be.
    func verdict() async throws -> String? {
        if let failure { return failure }
        if let why = try await settle() { return why }
        if let why = try await quiet() { return why }
        if let why = try await compared() { return why }
        return untouched() ?? failure
    }

    private func settle() async throws -> String? {
        endFaults()
        await endTrial()
        push()
        for _ in 0..<Self.passes {
            await pass(try await consents())
            gateway.clock.advance(by: .seconds(61))
            let left = try await controller.preview(try await consents())
            if left.plan.changes.isEmpty, left.plan.problems.isEmpty { return nil }
        }
        let left = try await controller.preview(try await consents())
        let text = PassText(left).render()
        return "after \(Self.passes) passes there is a plan:\n\(text)"
    }

    /// After everything that is only put off has come, a pass writes nothing.
    private func quiet() async throws -> String? {
        for _ in 0..<2 {
            gateway.clock.advance(by: .seconds(1300))
            await pass(.loop)
        }
        await pass(.loop)
        let before = (gateway.host.operationCount, gateway.inventory.writes.count, gateway.rows.writes.count)
        let report = try await controller.pass(.loop)
        let after = (gateway.host.operationCount, gateway.inventory.writes.count, gateway.rows.writes.count)
        if before == after, report.plan.changes.isEmpty, report.exitCode == .success { return nil }
        let operations = gateway.host.operations.dropFirst(before.0).map { "\($0)" }
        let writes = gateway.inventory.writes.dropFirst(before.1) + gateway.rows.writes.dropFirst(before.2)
        return "a pass more is not quiet: \(operations) \(Array(writes))\n\(PassText(report).render())"
    }

    /// Host and rows are those of a new gateway with the same documents, keys, clock and revocations.
    private func compared() async throws -> String? {
        let fresh = FakeGateway(declaration.catalog)
        fresh.clock.set(gateway.clock.now())
        let (keys, values) = (gateway.secrets.keys.withLock { $0 }, gateway.secrets.values.withLock { $0 })
        fresh.secrets.keys.withLock { $0 = keys }
        fresh.secrets.values.withLock { $0 = values }
        let (rows, places) = (gateway.inventory.current, gateway.host.kernel.foreignPlaces)
        let enforced = rows.expired.merging(expired) { own, _ in own }
        fresh.inventory.edit { ($0.expired, $0.revocations) = (enforced, rows.revocations) }
        fresh.host.edit { $0.foreignPlaces = places }
        // Connections to peers that ports led to since the host started may still run.
        let forwarded = rows.applied[.forwardedConnections].map { AppliedRecord($0).digest }
        if forwarded == gateway.host.kernel.bootID {
            let record = AppliedRecord(digest: fresh.host.kernel.bootID).text
            fresh.inventory.edit { $0.applied[.forwardedConnections] = record }
        }
        _ = try await Self.start(fresh).pass(Self.options)
        let (found, meant) = (essence(of: gateway, model: fresh), essence(of: fresh, model: fresh))
        if found != meant { return "the host differs from that of a new gateway:\n\(difference(found, meant))" }
        let (foundRules, meantRules) = (gateway.host.kernel.foreignRules, fresh.host.kernel.foreignRules)
        if foundRules != meantRules { return "rules in foreign chains: \(foundRules) instead of \(meantRules)" }
        let (foundRows, meantRows) = (Self.complete(gateway.rows.rows), Self.complete(fresh.rows.rows))
        if foundRows != meantRows {
            return "rows differ from those of a new gateway:\n\(foundRows)\n\(meantRows)"
        }
        let applied = (gateway.inventory.current.applied, fresh.inventory.current.applied)
        let lost = Set(applied.0.keys).symmetricDifference(applied.1.keys).filter { $0.kind != .sysctl }
            .filter { $0 != .forwardedConnections }.sorted()
        return lost.isEmpty ? nil : "what counts as applied differs from a new gateway: \(lost)"
    }

    /// What a gateway made of its host, without what the documents don't decide: learned endpoints, peers that an adopted
    /// link may keep, IPv6 addresses of links that are down, parameters that were not written.
    private func essence(of gateway: FakeGateway, model: FakeGateway) -> [String] {
        var kernel = gateway.host.kernel
        let (rows, names) = (gateway.inventory.current, declaration.names)
        let written = model.inventory.current.sysctls
        kernel.links.removeAll { !names.contains($0.name) }
        for index in kernel.links.indices {
            let name = kernel.links[index].name
            if rows.interfaces[name]?.origin == .adopted {
                let declared = Set(declaration.peers.lazy.filter { $0.interface == name }.map(\.publicKey))
                kernel.links[index].device?.peers.removeAll { !declared.contains($0.publicKey) }
            }
            for (number, peer) in (kernel.links[index].device?.peers ?? []).enumerated() {
                let isPinned = declaration.peers.contains { $0.publicKey == peer.publicKey && $0.endpoint != nil }
                if !isPinned || lostRecords { kernel.links[index].device?.peers[number].endpoint = nil }
            }
            if !kernel.links[index].isUp { kernel.links[index].addresses.removeAll { $0.family == .ipv6 } }
        }
        kernel.routes.removeAll { $0.routeProtocol != Route.ownProtocol }
        let isKnown = !lostParameters
        kernel.sysctls = kernel.sysctls.filter { key, _ in
            !key.path.hasSuffix("/accept_ra") && (isKnown || written[key] != nil)
        }
        let secrets = kernel.links.map { link in
            let peers = (link.device?.peers ?? []).sorted { $0.publicKey < $1.publicKey }
            return "\(link.name) \(link.device?.privateKey?.words ?? (0, 0, 0, 0)) "
                + "\(peers.map { $0.presharedKey?.words ?? (0, 0, 0, 0) })"
        }
        return kernel.essence.split(separator: "\n").map(String.init) + secrets.sorted()
    }

    /// Rows with the defaults, which need none.
    private static func complete(_ rows: ProjectedState) -> ProjectedState {
        var rows = rows
        rows.settings.merge(ProjectedSettings.defaults) { own, _ in own }
        return rows
    }

    private func difference(_ found: [String], _ meant: [String]) -> String {
        (found.filter { !meant.contains($0) }.map { "left over: \($0)" }
            + meant.filter { !found.contains($0) }.map { "missing: \($0)" }).joined(separator: "\n")
    }

    /// Nobody else noticed anything.
    private func untouched() -> String? {
        let kernel = gateway.host.kernel
        for (name, before) in foreignLinks.sorted(by: { $0.key < $1.key }) where description(ofLink: name) != before {
            return "the foreign link \(name) was\n\(before)\nand is\n\(description(ofLink: name))"
        }
        let routes = Set(kernel.routes.filter { $0.routeProtocol != Route.ownProtocol })
        if routes != foreignRoutes { return "foreign routes were \(foreignRoutes) and are \(routes)" }
        if isAdvertised, !kernel.hasAdvertisedRoute { return "the default route of a router advertisement was lost" }
        if kernel.sysctls[.promoteSecondaries("eth0")] != "0" { return "a parameter of eth0 was written" }
        let ours = kernel.links.filter { $0.alias == LinkMark.text && $0.device != nil }.map(\.name)
        let orphans = Set(ours).subtracting(declaration.names)
        if !orphans.isEmpty { return "links with our mark that nobody declares: \(orphans.sorted())" }
        let now = peersSeen()
        for (peer, before) in sessions {
            let declared = declaration.peers.first { $0.publicKey == peer.publicKey }
            if now[peer]?.number != before.number {
                return "the session of \(peer.publicKey) on \(peer.interface) ended"
            }
            if declared?.endpoint == nil, now[peer] != before {
                return "\(peer.publicKey) on \(peer.interface) was forgotten where it was: \(before)"
            }
        }
        let told = gateway.inventory.events.map(\.message) + gateway.inventory.current.conditions.map(\.message)
        return told.contains { $0.contains(Self.canary) } ? "an event or a condition tells a secret" : nil
    }

    /// No text about a pass tells a secret.
    func expectNoSecret(in report: PassReport) {
        for format in [ReportFormat.text, .json] {
            let document = PassDocument(report, .plan, version: "1", digest: BLAKE2b256())
            let text = String(decoding: document.bytes(format, text: PassText(report)), as: UTF8.self)
            if text.contains(Self.canary) { fail("a \(format.rawValue) report tells a secret:\n\(text)") }
        }
    }
}
