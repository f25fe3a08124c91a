import Glibc
public import Model

/// The key of the host that opens sealed values: `host.key` in the state directory, 0600. While it is being changed,
/// `host.key.next` lies beside it, and both open.
public enum HostKey {
    static let fileName = "host.key"
    static let nextName = "host.key.next"
    private static let what = "key of the host"

    /// The host's key, or nil when none was made yet.
    ///
    /// - Parameter state: the state directory.
    /// - Throws: ``SecretFailure`` when the file is there and can't be used.
    public static func load(state: String) throws(SecretFailure) -> RecipientKey? { try load(fileName, state) }

    /// The key that a change of the host's key has made and not yet put in its place; nil when none is under way.
    ///
    /// - Throws: ``SecretFailure`` when the file is there and can't be used.
    public static func loadNext(state: String) throws(SecretFailure) -> RecipientKey? { try load(nextName, state) }

    /// The host's key; made (0600, on disk before it returns) when there is none.
    ///
    /// - Throws: ``SecretFailure`` when it can't be stored.
    public static func make(state: String) throws(SecretFailure) -> RecipientKey { try make(fileName, state) }

    /// Begins a change of the host's key: makes the new one beside it, or finds the one of a change that was cut short.
    ///
    /// - Throws: ``SecretFailure`` when it can't be stored.
    public static func makeNext(state: String) throws(SecretFailure) -> RecipientKey { try make(nextName, state) }

    /// Ends a change of the host's key: the new one takes the place of the old one, which is gone then.
    ///
    /// - Throws: ``SecretFailure`` when it can't be stored; the old one stands then.
    public static func promoteNext(state: String) throws(SecretFailure) {
        try KeyDirectory(path: state).locked(what) { folder in
            try KeyDirectory.rename(nextName, to: fileName, in: folder)
        }
    }

    private static func load(_ name: String, _ state: String) throws(SecretFailure) -> RecipientKey? {
        do {
            return try RecipientKey(KeyFile.read("\(state)/\(name)", what: what))
        } catch let failure as FileFailure {
            if failure.code == ENOENT { return nil }
            throw KeyDirectory(path: state).refusal(what, "can't be read", failure)
        } catch let failure as SecretFailure {
            throw failure
        } catch {
            throw SecretFailure("\(what): \(error)")
        }
    }

    private static func make(_ name: String, _ state: String) throws(SecretFailure) -> RecipientKey {
        if let key = try load(name, state) { return key }
        return try KeyDirectory(path: state).locked(what) { folder in
            // Two processes that come at once must not both make a key: the later one finds the first one's.
            if let key = try load(name, state) { return key }
            let key = KeyPair.generate().privateKey
            try KeyDirectory.store(key, in: folder, as: name)
            return try RecipientKey(key)
        }
    }
}
