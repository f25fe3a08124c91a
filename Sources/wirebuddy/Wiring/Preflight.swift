import Glibc
import Kernel
import Model
import Reconciler
import Repository

/// What is looked at before the first write, so that a host that lacks something is left as it was.
struct Preflight: Sendable {
    let composition: GatewayComposition

    /// What looking at the host needs.
    ///
    /// - Throws: ``CommandFailure`` with the first thing that is missing.
    func canLook() throws(CommandFailure) {
        let checks = composition.checks
        try composition.require([checks.networkRights(), checks.nft(), checks.config(), checks.git()])
    }

    /// What changing the host needs.
    ///
    /// - Throws: ``CommandFailure`` with the first thing that is missing.
    func canChange(_ gateway: RunningGateway) async throws {
        guard let revision = try? await gateway.repository.read(now: composition.clock.now()) else { return }
        let wanted = revision.catalog.interfaces.filter { interface in
            interface.enabled && interface.backend != .kernel && !Self.hasLink(interface.name)
        }
        guard !wanted.isEmpty else { return }
        if !wanted.contains(where: { $0.backend == .userspace }) {
            let observed = try? await gateway.backend.observe(ObservationRequest(interfaces: []))
            if observed?.kernelWireGuard ?? false { return }
        }
        let checks = composition.checks
        try composition.require([checks.tun(), checks.userspace()])
    }

    /// What the state directory needs, before the database is opened.
    ///
    /// - Throws: ``CommandFailure`` when it can't be written.
    func canStore() throws(CommandFailure) {
        try composition.require([composition.checks.state()])
    }

    private static func hasLink(_ name: String) -> Bool { unsafe access("/sys/class/net/\(name)", F_OK) == 0 }
}
