import Glibc
import Model

/// The private keys that the host generated: one file per interface in `<state>/keys`, 0600 in a directory of 0700.
struct InterfaceKeyStore: Sendable {
    private let directory: KeyDirectory

    /// A store in the directory at a path, made when the first key is.
    init(directory: String) {
        self.directory = KeyDirectory(path: directory)
    }

    /// The stored key, or nil when there is none.
    func key(of interface: String) throws(SecretFailure) -> SecretKey? {
        try check(interface)
        do {
            return try KeyFile.read("\(directory.path)/\(interface)", what: Self.what(interface))
        } catch let failure as FileFailure {
            if failure.code == ENOENT { return nil }
            throw directory.refusal(Self.what(interface), "can't be read", failure)
        } catch let failure as SecretFailure {
            throw failure
        } catch {
            throw SecretFailure("\(Self.what(interface)): \(error)")
        }
    }

    /// Generates and stores a key; one that exists is returned unchanged. The key is on disk when this returns.
    func makeKey(of interface: String) throws(SecretFailure) -> SecretKey {
        if let key = try key(of: interface) { return key }
        return try directory.locked(Self.what(interface)) { folder in
            // Two processes that come at once must not both make a key: the later one finds the first one's.
            if let key = try key(of: interface) { return key }
            let key = KeyPair.generate().privateKey
            try KeyDirectory.store(key, in: folder, as: interface)
            return key
        }
    }

    /// Stores a key that was made elsewhere. Another one that is there is kept as `<interface>.previous`.
    func keep(_ key: SecretKey, of interface: String) throws(SecretFailure) {
        if try self.key(of: interface) == key { return }
        try directory.locked(Self.what(interface)) { folder in
            if let old = try self.key(of: interface), old != key {
                try KeyDirectory.store(old, in: folder, as: "\(interface).previous")
            }
            try KeyDirectory.store(key, in: folder, as: interface)
        }
    }

    /// A name that is a path would leave the directory. Names of catalogs never do; this is the last line.
    private func check(_ interface: String) throws(SecretFailure) {
        let isName =
            !interface.isEmpty && !interface.hasPrefix(".")
            && !interface.utf8.contains { $0 == UInt8(ascii: "/") || $0 <= UInt8(ascii: " ") }
        guard isName else { throw SecretFailure("private key: \"\(interface)\" is not the name of an interface") }
    }

    private static func what(_ interface: String) -> String { "private key of interface \(interface)" }
}
