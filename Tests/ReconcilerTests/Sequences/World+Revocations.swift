import Model

@testable import Reconciler

/// Who is revoked stays out, whatever is healed or restored.
extension World {
    /// The keys that are on links of ours.
    private var present: Set<PublicKey> {
        let links = gateway.host.kernel.links.filter { foreignLinks[$0.name] == nil }
        return Set(links.flatMap { ($0.device?.peers ?? []).map(\.publicKey) })
    }

    /// The keys that the documents disable, or that were deleted by name.
    private var revoked: Set<PublicKey> {
        named.union(declaration.peers.lazy.filter { !$0.enabled }.map(\.publicKey))
    }

    /// Remembers whose revocation was done.
    func noteGone() { gone.formUnion(revoked.subtracting(present)) }

    /// Nobody whose revocation was done is back.
    func expectGone() {
        gone.formIntersection(revoked)
        let back = gone.intersection(present).sorted()
        if !back.isEmpty { fail("back after they were revoked: \(back)") }
    }
}
