public import Model

extension Intent {
    /// Gives a peer new keys: a new pair where the server made the old one, or the device's new public key. A sealed
    /// preshared key is replaced too. The id stays.
    ///
    /// - Parameters:
    ///   - publicKey: the device's new key; nil: a pair is generated here and now, once.
    ///   - host: who is named as the recipient of sealed values in a repository without any.
    public static func rotateKeys(
        _ selector: PeerSelector, publicKey: PublicKey? = nil, host: @escaping HostRecipient = { nil }
    ) -> Intent {
        let keys = PeerKeys.made(for: publicKey)
        return Intent { tree throws(GatewayFailure) in
            var update = try PeerUpdate(selector, in: tree, host: host)
            guard publicKey != nil || update.peer.privateKey != nil || update.peer.publicKey.isZero else {
                throw .conflict(
                    "the device of \(update.peer.interface)/\(update.peer.name) holds its private key:"
                        + " give its new public key with --public-key (over HTTP: as public_key of a PATCH)")
            }
            // The keys are there already when the intent runs again on a head that holds its own commit.
            guard update.peer.publicKey != keys.publicKey else {
                return IntentOutcome(change: nil, object: update.identity)
            }
            update.replaceKeys(keys)
            return try update.outcome(verb: "Rotate keys of")
        }
    }
}
