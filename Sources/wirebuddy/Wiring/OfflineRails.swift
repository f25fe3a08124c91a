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
        rails += refusals(
            of: gone.map { "\($0.interface)/\($0.name)" }, "peers", before: before.count, isLast: catalog.peers.isEmpty,
            catalog.settings.reconcile)
        let users = Set(catalog.users.map { $0.username.lowercased() })
        let former = base.users.map(\.username)
        rails += refusals(
            of: former.filter { !users.contains($0.lowercased()) && !consent.users.contains($0) }, "users",
            before: former.count, isLast: users.isEmpty, catalog.settings.reconcile)
        return rails
    }

    private func refusals(
        of gone: [String], _ kind: String, before: Int, isLast: Bool, _ limits: Settings.Reconcile
    ) -> [RefusedRail] {
        if !gone.isEmpty, isLast {
            return [
                refusal("empty-kind", gone, "all \(gone.count) \(kind) left the configuration and would be removed")
            ]
        }
        guard before >= 10,
            gone.count > limits.maxDeletes || gone.count * 100 > before * limits.maxDeletesPercent
        else { return [] }
        return [
            refusal(
                "max-deletes", gone,
                "\(gone.count) of \(before) \(kind) left the configuration and would be removed;"
                    + " the limits are \(limits.maxDeletes) and \(limits.maxDeletesPercent) %")
        ]
    }

    private func refusal(_ rail: String, _ objects: [String], _ message: String) -> RefusedRail {
        var form = CanonicalForm()
        form.append(rail)
        for object in objects.sorted() { form.append(object) }
        return RefusedRail(rail: rail, message: message, digest: digest.digest(form.bytes).short)
    }
}
