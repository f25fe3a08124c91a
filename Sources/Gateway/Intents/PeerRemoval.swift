import Manifest
import Model

extension Intent {
    /// Removes a peer's document, and what is about it alone: DNS rules, forwards, access documents. Naming the peer is the
    /// consent for its deletion. It is refused where an access document leads to it alone and holds others back from
    /// everything else.
    public static func removePeer(_ selector: PeerSelector) -> Intent {
        Intent(isRevocation: true) { tree throws(GatewayFailure) in
            let peer = try selector.peer(in: tree)
            let identity = ObjectIdentity.peer(peer.name, of: peer.interface)
            var draft = Draft(tree)
            let old = try draft.root(identity)
            let rules = try draft.removeDNSRules(of: [identity], for: identity)
            let references = try draft.removeReferences(to: [identity], for: identity)
            try draft.remove([identity])
            let lines =
                ObjectDifference(kind: identity.kind, old: old, new: nil).lines
                + rules.map { "DNS rule \($0) goes with it" } + references
            var outcome = IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Remove peer \(peer.name) from \(peer.interface)"),
                    body: lines.joined(separator: "\n"), files: try draft.files()),
                object: identity)
            guard !peer.publicKey.isZero else { return outcome }
            outcome.consent.keys = [peer.publicKey]
            outcome.revoked = [PeerKey(interface: peer.interface, publicKey: peer.publicKey)]
            return outcome
        }
    }
}
