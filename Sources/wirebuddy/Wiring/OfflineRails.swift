import Gateway
import Manifest
import Model
import Reconciler

/// The rails about deletes, judged by two trees alone: for a checkout on another machine, where nobody knows what the
/// gateway has applied. The gateway judges again when it applies.
struct OfflineRails {
    let digest: any Digest

    /// What would be refused: deletes that the write does not name itself.
    func refusals(from base: ManifestTree, to catalog: Catalog, consent: DeleteConsent) -> [RefusedRail] {
        let before = base.peers()
        let after = Set(catalog.peers.lazy.map { PeerKey(interface: $0.interface, publicKey: $0.publicKey) })
        let gone = before.filter {
            !after.contains(PeerKey(interface: $0.interface, publicKey: $0.publicKey))
                && !consent.keys.contains($0.publicKey)
        }
        let names = Set(catalog.interfaces.map(\.name))
        let removed = base.interfaces.map(\.name).filter { !names.contains($0) && !consent.interfaces.contains($0) }
        var rails: [RefusedRail] = []
        if !removed.isEmpty {
            rails.append(
                refusal(
                    "interface-removal", removed,
                    "\(removed.joined(separator: ", ")) left the configuration and would be deleted"))
        }
        let limits = catalog.settings.reconcile
        let objects = gone.map { "\($0.interface)/\($0.name)" }
        if !gone.isEmpty, catalog.peers.isEmpty {
            rails.append(
                refusal("empty-kind", objects, "all \(gone.count) peers left the configuration and would be removed"))
        } else if before.count >= 10,
            gone.count > limits.maxDeletes || gone.count * 100 > before.count * limits.maxDeletesPercent
        {
            rails.append(
                refusal(
                    "max-deletes", objects,
                    "\(gone.count) of \(before.count) peers left the configuration and would be removed;"
                        + " the limits are \(limits.maxDeletes) and \(limits.maxDeletesPercent) %"))
        }
        return rails
    }

    private func refusal(_ rail: String, _ objects: [String], _ message: String) -> RefusedRail {
        var form = CanonicalForm()
        form.append(rail)
        for object in objects.sorted() { form.append(object) }
        return RefusedRail(rail: rail, message: message, digest: digest.digest(form.bytes).short)
    }
}
