import Model
import Synchronization

@testable import Reconciler

/// What steps do.
extension World {
    /// Lets a step happen. Most are followed by a pass of the loop.
    func happen(_ step: Step) async throws {
        note("\(step):")
        switch step.verb {
        case .addPeer, .dropPeer, .renamePeer, .rekeyPeer, .movePeer, .readdressPeer, .routePeer, .secretPeer,
            .disablePeer, .enablePeer, .expirePeer, .isolatePeer, .pinPeer, .addCrowd, .dropCrowd, .expireCrowd,
            .toggleInterface, .renameInterface, .portInterface, .mtuInterface, .addressInterface, .keyInterface,
            .stopInterface, .backendInterface, .isolateInterface, .enforceInterface, .reportInterface, .toggleUser,
            .changeSettings, .toggleDNS, .toggleRule, .toggleAccess, .toggleForward:
            guard let disturbance = declaration.edit(step, now: gateway.clock.now()) else { return }
            if step.verb == .toggleInterface || step.verb == .renameInterface {
                for name in declaration.names { foreignLinks[name] = nil }
            }
            disturb(disturbance)
            push()
        case .breakHead:
            gateway.revisions.set(
                step.how % 2 == 0
                    ? .failure(.unreadable("the repository is away"))
                    : .failure(.invalid(revision: "r0", problems: ["a.yaml:1:1: error"])))
        case .deleteByName, .revokeKey, .unrevokeKey, .suspend, .resume: try await speak(step)
        case .tryHead, .confirmTrial, .endTrial, .watchdogDies: try await judge(step)
        case .linkDown, .linkDelete, .linkRename, .linkUnmark, .linkMTU, .addressAdd, .addressRemove, .portSet, .keySet,
            .fwmarkSet, .backendDeath:
            tamperWithLink(step)
        case .peerRemove, .peerPlant, .peerSteal, .peerChange: tamperWithPeer(step)
        case .routeRemove, .routePlant, .rulePlant, .rulesRemove, .tableDelete, .tableEdit, .elementAdd, .elementRemove,
            .sysctlSet:
            tamperWithNetwork(step)
        case .dockerStart, .dockerStop, .dockerFlush, .foreignAdd, .nameTake, .orphanPlant, .advertise:
            addForeign(step)
        case .rowDelete, .rowChange, .rowPlant, .forgetInterface, .misplaceInterface, .forgetRecords, .garbleRecords,
            .forgetFirewall, .forgetSysctls, .forgetPeers:
            tamperWithRows(step)
        case .failOperation, .loseOperation, .dieAfterOperation, .dieAfterWrite, .unreadable, .fullInventory, .fullRows:
            arrangeFault(step)
        case .restart: restart("asked for")
        case .clockForward: move(clock: Int64(1 + step.how) * 997)
        case .clockBack: move(clock: -Int64(1 + step.how) * 997)
        case .wait: gateway.clock.advance(by: .seconds(step.how * 7))
        case .reboot: reboot()
        case .pass: await pass(.loop)
        case .apply: await pass(step.how % 2 == 0 ? Self.options : try await consentsIfReadable())
        case .down:
            for name in declaration.names.union(["wg0", "wg1", "wg2", "wg3"]) { disturb(interface: name) }
            await pass(.teardown)
            // It ends by itself when nothing is on trial any more.
            if gateway.inventory.current.checkpoint == nil { checkpoints.state.withLock { $0.isWatching = false } }
        }
        if step.how % 3 != 0 { await pass(.loop) }
    }

    func consentsIfReadable() async throws -> PassOptions {
        do { return try await consents() } catch is Killed { return Self.options }
    }

    /// What somebody says by REST or command.
    private func speak(_ step: Step) async throws {
        let now = gateway.clock.now()
        switch step.verb {
        case .deleteByName, .revokeKey:
            guard !declaration.peers.isEmpty else { return }
            let peer = declaration.peers[step.what % declaration.peers.count]
            let id = PeerID(interface: peer.interface, publicKey: peer.publicKey)
            disturb(Disturbance(peers: [id]))
            if step.verb == .deleteByName {
                gateway.inventory.edit { $0.approvals.insert(NamedRemoval(of: id.publicKey, at: now).approval) }
                declaration.peers.removeAll { $0.publicKey == id.publicKey }
                named.insert(id.publicKey)
                push()
            } else {
                let until = now.advanced(bySeconds: Int64(1 + step.how) * 60)
                let revocation = Revocation(publicKey: id.publicKey, until: until, author: "root")
                gateway.inventory.edit { $0.revocations.append(revocation) }
                await pass(PassOptions(trigger: "revoke", scope: .revocations))
            }
        case .unrevokeKey: gateway.inventory.edit { $0.revocations = [] }
        case .suspend:
            let until = step.how % 2 == 0 ? now.advanced(bySeconds: Int64(1 + step.how) * 60) : nil
            gateway.inventory.edit { $0.suspension = Suspension(reason: "maintenance", until: until) }
        default: gateway.inventory.edit { $0.suspension = nil }
        }
    }

    private func move(clock seconds: Int64) {
        let (before, after) = (gateway.clock.now(), gateway.clock.now().advanced(bySeconds: seconds))
        gateway.clock.set(after)
        note("the clock from \(before) to \(after)")
    }

    private func reboot() {
        let number = revision
        gateway.host.edit { kernel in
            let boot = kernel.bootID
            let hasDocker = !kernel.foreignPlaces.isEmpty
            kernel.reboot()
            kernel.bootID = "\(boot)-\(number)"
            if hasDocker { kernel.foreignPlaces = [World.docker] }
        }
        (foreignLinks, foreignRoutes, isAdvertised, sessions) = ([:], [], false, [:])
        checkpoints.state.withLock { $0.isWatching = false }
        restart("the host was started anew")
    }

    /// Arranges that something fails from now on, or once.
    private func arrangeFault(_ step: Step) {
        // Most are about what comes next.
        let number = gateway.host.operationCount + (step.how % 3 == 2 ? step.how / 3 : step.how % 6)
        if [.dieAfterOperation, .dieAfterWrite, .fullInventory].contains(step.verb) { lostRecords = true }
        switch step.verb {
        case .failOperation:
            let kind: BackendError.Kind = step.what % 2 == 0 ? .transient : .terminal
            gateway.host.state.withLock { state in
                state.failure = { at, _ in at == number ? BackendError(kind, "busy") : nil }
            }
        case .loseOperation:
            gateway.host.state.withLock { state in
                state.lost = { at, operation in
                    switch operation {
                    // A parameter is read back by who writes it, and how the kernel prints a table that was replaced is
                    // known only from reading it: what stands there then is taken for it.
                    case .setSysctl, .replaceFirewall: false
                    default: at == number
                    }
                }
            }
        case .dieAfterOperation: gateway.host.state.withLock { $0.dieAfter = number }
        case .dieAfterWrite:
            let write = gateway.inventory.writes.count + step.how % 8
            gateway.inventory.state.withLock { $0.dieAfter = write }
        case .unreadable:
            let parts: [UnreadablePart.Part] = [.links, .device("wg0"), .device("wg1"), .routes, .firewall]
            let part = UnreadablePart(parts[step.what % parts.count], reason: "interrupted")
            gateway.host.state.withLock { $0.unreadable = step.how % 4 == 0 ? [] : [part] }
        case .fullInventory: gateway.inventory.state.withLock { $0.isFull = step.how % 4 != 0 }
        default:
            gateway.rows.state.withLock { state in
                (state.isFull, state.isUnreadable) = (step.how % 4 == 1, step.how % 4 == 2)
            }
        }
    }

    /// The end of all faults.
    func endFaults() {
        if gateway.fate.isDead { restart("at the end") }
        gateway.host.state.withLock { state in
            (state.failure, state.lost, state.dieAfter, state.unreadable) = (nil, nil, nil, [])
        }
        gateway.inventory.state.withLock { ($0.isFull, $0.dieAfter) = (false, nil) }
        gateway.rows.state.withLock { ($0.isFull, $0.isUnreadable) = (false, false) }
        gateway.inventory.edit { $0.suspension = nil }
    }
}
