import Logging
import Model

/// Looking: reading the revision and the host, compiling and planning.
extension Controller {
    /// The head, or why it can't be used. An unchanged head keeps its index.
    func readHead(_ options: PassOptions, now: Timestamp) async -> Result<Target, RevisionFailure> {
        do throws(RevisionFailure) {
            let revision = try await (options.source ?? ports.revisions).read(now: now)
            if let head, head.revision == revision.id, options.source == nil {
                // The id names the content, but whether the worktree is dirty changes without it.
                let target = Target(
                    .head, revision: head.revision, catalog: head.catalog, index: head.index,
                    origin: RevisionInfo(revision))
                self.head = target
                return .success(target)
            }
            var target = Target(
                .head, revision: revision.id, catalog: revision.catalog, index: CatalogIndex(revision.catalog),
                origin: RevisionInfo(revision))
            target.isImmutable = options.source == nil
            if target.isImmutable { head = target }
            return .success(target)
        } catch {
            return .failure(error)
        }
    }

    /// What the pass works towards.
    func target(_ read: Result<Target, RevisionFailure>, _ options: PassOptions) -> Target {
        if options.scope == .teardown { return .empty(.teardown, revision: "down") }
        if case .success(let target) = read { return target }
        guard let good = lastGood else { return .empty(.none, revision: "") }
        return Target(.lastGood, revision: good.revision, catalog: good.catalog, index: good.index)
    }

    /// Reads the host as it was read last, while the head is read: what the head wants is rarely another look. Nil: one that
    /// is not older than `maximumAge` is there, or the host could not be read in all its parts, so that it is read once the
    /// head is there.
    func lookAhead(maximumAge: Duration?) async -> RecentLook? {
        let beganAt = ports.uptime.uptime()
        guard let recentLook, recentLook.observed.unreadable.isEmpty,
            !(maximumAge.map { recentLook.isFresh(at: beganAt, $0) } ?? false)
        else { return nil }
        let request = recentLook.request
        guard let observed = try? await ports.backend.observe(request) else { return nil }
        return RecentLook(request: request, beganAt: beganAt, observed: observed)
    }

    /// The look that may be taken instead of a new one: what this very pass looked at ahead, unless names were waited for
    /// since, or the newest one if it is not older than the pass allows.
    func lookInstead(_ run: PassRun) -> RecentLook? {
        let now = ports.uptime.uptime()
        if let ahead = run.ahead, ahead.isFresh(at: now, .seconds(1)) { return ahead }
        guard let age = run.options.maximumAge, let recentLook, recentLook.isFresh(at: now, age) else { return nil }
        return recentLook
    }

    /// Reads the host for a target.
    ///
    /// - Parameter known: a look that is taken instead if it is of the same request.
    func observe(
        _ target: Target, _ snapshot: InventorySnapshot, or known: RecentLook? = nil
    ) async throws -> ObservedState {
        // While a rail refuses the head, the last good revision is healed from the same look.
        let indices = [target.index, lastGood?.index].compactMap(\.self).prefix(
            lastGood?.revision == target.revision ? 1 : 2)
        var names = Set(snapshot.interfaces.keys)
        var destinations: Set<IPAddress> = []
        var listenPorts: [String: UInt16] = [:]
        var forwarderPorts: [String: UInt16] = [:]
        var forwardedPorts: [Forward.Transport: Set<UInt16>] = [:]
        for index in indices {
            names.formUnion(index.interfaces)
            destinations.formUnion(index.endpointAddresses)
            listenPorts.merge(index.listenPorts) { own, _ in own }
            forwarderPorts.merge(index.forwarderPorts) { own, _ in own }
            forwardedPorts.merge(index.forwardedPorts) { $0.union($1) }
            for name in index.namedEndpoints.keys {
                if let address = await ports.names.address(of: name) { destinations.insert(address) }
            }
        }
        var sysctls: Set<Sysctl> = [
            .ipv4Forwarding, .ipv6Forwarding, .sourceValidMark, .connectionAccounting,
        ]
        sysctls.formUnion(snapshot.sysctls.keys)
        sysctls.formUnion(advertisingLinks.map(Sysctl.acceptRouterAdvertisements))
        var request = ObservationRequest(
            interfaces: names.union(orphans).sorted(), sysctls: sysctls.sorted(), destinations: destinations.sorted(),
            listenPorts: listenPorts, forwarderPorts: forwarderPorts)
        request.forwardedPorts = forwardedPorts
        var beganAt = ports.uptime.uptime()
        var observed: ObservedState
        if let known, known.request == request {
            (beganAt, observed) = (known.beganAt, known.observed)
        } else {
            observed = try await ports.backend.observe(request)
        }
        let advertising = Set(observed.routerAdvertisementLinks)
        let unclaimed = Set(observed.orphans(besides: names).map(\.name))
        if !advertising.isSubset(of: advertisingLinks) || !unclaimed.isSubset(of: orphans) {
            // Their guards, and what an orphan carries, are known to matter only now that the links are.
            request.sysctls = sysctls.union(advertising.map(Sysctl.acceptRouterAdvertisements)).sorted()
            request.interfaces = names.union(unclaimed).sorted()
            observed = try await ports.backend.observe(request)
        }
        (advertisingLinks, orphans) = (advertising, unclaimed)
        recentLook = RecentLook(request: request, beganAt: beganAt, observed: observed)
        return await withProjections(observed)
    }

    private func withProjections(_ observed: ObservedState) async -> ObservedState {
        var observed = observed
        do {
            observed.projections = try await ports.projections.projected()
        } catch {
            observed.unreadable.append(UnreadablePart(.projections, reason: "\(error)"))
        }
        return observed
    }

    /// The private keys of interfaces whose manifest names none, and why one can't be had. With `mayWrite` missing ones
    /// are made, or kept where a link already has one.
    func interfaceKeys(
        _ target: Target, _ observed: ObservedState, adopt: Set<String>, mayWrite: Bool
    ) -> (keys: [String: SecretKey], problems: [ObjectID: String]) {
        var keys: [String: SecretKey] = [:]
        var problems: [ObjectID: String] = [:]
        guard !observed.unreadable.contains(where: { $0.part == .links }) else { return (keys, problems) }
        for interface in target.catalog.interfaces where interface.privateKey == nil {
            let name = interface.name
            do throws(SecretFailure) {
                if let key = try ports.secrets.interfaceKey(name) {
                    keys[name] = key
                    continue
                }
                if observed.unreadable.contains(where: { $0.part == .device(name) }) { continue }
                guard let link = observed.links.first(where: { $0.name == name }) else {
                    if mayWrite { keys[name] = try ports.secrets.makeInterfaceKey(name) }
                    continue
                }
                guard let device = observed.devices[name] else { continue }
                if let key = device.privateKey, !key.isZero {
                    keys[name] = key
                    // Somebody else's key is kept only with the consent to take its link over.
                    let isTaken = link.isMarked || interface.adopt || adopt.contains(name)
                    if mayWrite, isTaken { try ports.secrets.keepInterfaceKey(name, key) }
                } else if mayWrite {
                    keys[name] = try ports.secrets.makeInterfaceKey(name)
                }
            } catch {
                problems[ObjectID(.interface, name)] = error.description
            }
        }
        return (keys, problems)
    }

    /// Compiles the target with the facts of the host; from memory when nothing it follows from has changed.
    func compile(
        _ target: Target, _ snapshot: InventorySnapshot, _ observed: ObservedState, keys: [String: SecretKey],
        problems: [ObjectID: String], now: Timestamp, adopt: Set<String>
    ) async -> (state: DesiredState, generation: Int) {
        if target.kind == .teardown { return (DesiredState(), -1) }
        var addresses: [String: IPAddress] = [:]
        for name in target.index.namedEndpoints.keys { addresses[name] = await ports.names.address(of: name) }
        // Only what the compiler looks at is in the key: links of containers come and go all day.
        let guards = snapshot.sysctls.keys.filter { $0.path.hasSuffix("/accept_ra") }
        var facts = HostFacts(observed, inventory: snapshot, adopt: adopt)
        facts.foreignLinks.formIntersection(target.index.interfaces)
        facts.foreignPlaces = facts.foreignPlaces.filter { ports.integrations.contains($0.program) }
        facts.linkNames = facts.linkNames.filter { guards.contains(.acceptRouterAdvertisements($0)) }
        let key = DesiredCache.Key(
            revision: target.revision, facts: facts, interfaceKeys: keys, secrets: secrets.generation,
            addresses: addresses, revocations: snapshot.revocations, expired: snapshot.expired,
            ownedSysctls: Set(guards))
        let ends = snapshot.revocations.lazy.map(\.until).filter { $0 > now }
        let validUntil = [target.index.nextExpiry(after: now), ends.min()].compactMap(\.self).min()
        let earlier = cache.peers
        func compile() -> DesiredState {
            var compiler = DesiredCompiler(
                catalog: target.catalog, facts: key.facts, now: now, digest: ports.digest)
            compiler.interfaceKeys = keys
            compiler.secrets = secrets.values
            compiler.addresses = addresses
            compiler.revocations = key.revocations
            compiler.expired = key.expired
            compiler.known = snapshot.peers
            compiler.ownedSysctls = key.ownedSysctls
            compiler.integrations = ports.integrations
            compiler.earlier = earlier
            return compiler.compile()
        }
        guard target.isImmutable else { return (compile().with(problems), -1) }
        let entry = cache.entry(
            of: target.catalog, for: key, at: now, validUntil: validUntil, compile: compile)
        return (entry.state.with(problems), entry.generation)
    }

    /// Plans a look.
    func plan(
        _ target: Target, _ desired: DesiredState, _ snapshot: InventorySnapshot, _ observed: ObservedState,
        _ options: PassOptions
    ) -> Plan {
        let plan = planner.plan(planInput(target, desired, snapshot, observed, options))
        return target.kind == .none ? plan.revocationsOnly() : plan
    }

    /// Looks for the paths that a plan could cut, and judges it with them.
    func watchPaths(_ look: inout Look, _ options: PassOptions) async {
        guard let paths = ports.paths, look.plan.mayCutPaths else { return }
        look.observed.paths = await paths()
        guard !look.observed.paths.isEmpty else { return }
        look.plan = planner.judge(
            look.plan, planInput(look.target, look.desired, look.snapshot, look.observed, options))
    }

    private func planInput(
        _ target: Target, _ desired: DesiredState, _ snapshot: InventorySnapshot, _ observed: ObservedState,
        _ options: PassOptions
    ) -> PlanInput {
        var input = PlanInput(
            revision: target.revision, desired: desired, observed: observed, inventory: snapshot,
            limits: target.catalog.settings.reconcile, now: observed.takenAt)
        input.adopt = options.adopt
        input.approvals = options.approvals
        input.documented = target.catalog.consents(at: observed.takenAt)
        input.isTeardown = target.kind == .teardown
        return input
    }

    /// Asks for names that are unknown or whose peers have been silent, and waits a moment for the first answers of a
    /// single command.
    func resolveNames(_ target: Target, _ observed: ObservedState?, wait: Bool) async {
        guard !target.index.namedEndpoints.isEmpty else { return }
        var wanted: [String] = []
        var silent: Set<PeerID> = []
        if let observed {
            for (interface, device) in observed.devices {
                for peer in device.peers
                where peer.lastHandshake.map({ observed.takenAt.seconds - $0.seconds > 135 }) ?? true {
                    silent.insert(PeerID(interface: interface, publicKey: peer.publicKey))
                }
            }
        }
        for (name, peers) in target.index.namedEndpoints {
            if await ports.names.address(of: name) == nil || peers.contains(where: silent.contains) {
                wanted.append(name)
            }
        }
        guard !wanted.isEmpty else { return }
        await ports.names.refresh(wanted.sorted())
        guard wait else { return }
        let end = ports.uptime.uptime() + .seconds(3)
        while ports.uptime.uptime() < end {
            var isComplete = true
            for name in wanted where await ports.names.address(of: name) == nil { isComplete = false }
            if isComplete { return }
            do { try await ports.uptime.sleep(until: ports.uptime.uptime() + .milliseconds(50)) } catch { return }
        }
    }
}
