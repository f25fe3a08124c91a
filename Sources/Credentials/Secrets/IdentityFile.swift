import Glibc
public import Model

/// The file of an operator's or recovery key: one line in the base64 form of `wg`, readable by its owner only.
public enum IdentityFile {
    /// Makes a new key and stores it, 0600 and on disk before it returns. A file that exists is never replaced.
    ///
    /// - Returns: the public half.
    /// - Throws: ``SecretFailure`` that names the file and the reason.
    public static func make(_ path: String) throws(SecretFailure) -> PublicKey {
        let pair = KeyPair.generate()
        do throws(FileFailure) {
            let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            var text = Array(pair.privateKey.exposedText().utf8) + [UInt8(ascii: "\n")]
            defer { for index in text.indices { text[index] = 0 } }
            do throws(FileFailure) {
                try file.writeDurably(text)
            } catch {
                _ = unsafe unlink(path)
                throw error
            }
        } catch {
            let advice = error.code == EEXIST ? ": choose another name" : ""
            throw SecretFailure("\(path) can't be written: \(error.reason)\(advice)")
        }
        return pair.publicKey
    }

    /// The key in a file.
    ///
    /// - Throws: ``SecretFailure`` that names the file and the reason, also when others may read it.
    public static func load(_ path: String) throws(SecretFailure) -> RecipientKey {
        do {
            return try RecipientKey(KeyFile.read(path, what: "identity"))
        } catch let failure as SecretFailure {
            throw failure
        } catch let failure as FileFailure {
            throw SecretFailure("identity \(path) can't be read: \(failure.reason)")
        } catch {
            throw SecretFailure("identity \(path): \(error)")
        }
    }
}
