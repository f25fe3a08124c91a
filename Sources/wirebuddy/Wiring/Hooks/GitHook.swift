import API
import Credentials
import Logging
import Model
import Synchronization

/// Pushes that a forge tells of, proved by the secret of the host file.
final class GitHook: GitHookService {
    let branch: String
    private let file: String
    private let logger: Logger
    private let look: @Sendable () -> Void
    /// Why the secret can't be used, as it was logged last.
    private let told = Mutex<String?>(nil)

    /// Nil without a secret file in the host file.
    ///
    /// - Parameter look: has the remote, or the repository, looked at.
    init?(_ settings: HostSettings, logger: Logger, look: @escaping @Sendable () -> Void) {
        guard let file = settings.gitSecretFile.content else { return nil }
        self.file = file
        self.logger = logger
        self.look = look
        branch = settings.branch.content
    }

    func judge(_ delivery: GitHookDelivery) -> GitHookVerdict {
        // Read each time: it is small, requests are limited, and a new secret counts at once.
        let secret: [UInt8]
        do throws(SecretFailure) {
            secret = try HookSecretFile.read(file)
            told.withLock { $0 = nil }
        } catch {
            let isNew = told.withLock { told in
                defer { told = error.description }
                return told != error.description
            }
            if isNew { logger.warning("no push is taken", metadata: ["reason": "\(error.description)"]) }
            return .absent
        }
        return Self.isProved(delivery, secret) ? .accepted : .refused
    }

    func lookNow() { look() }

    /// Every proof that is there has to be right; one has to be there.
    static func isProved(_ delivery: GitHookDelivery, _ secret: [UInt8]) -> Bool {
        var isProved = false
        var isRefuted = false
        func count(_ isRight: Bool) {
            if isRight { isProved = true } else { isRefuted = true }
        }
        if delivery.hubSignature != nil || delivery.giteaSignature != nil {
            let code = HMACSHA256.code(of: delivery.body, key: secret)
            if let signature = delivery.hubSignature {
                count(signature.hasPrefix("sha256=") && matches(signature.dropFirst(7), code))
            }
            if let signature = delivery.giteaSignature { count(matches(signature[...], code)) }
        }
        if let token = delivery.gitLabToken { count(ConstantTime.areEqual(Array(token.utf8), secret)) }
        return isProved && !isRefuted
    }

    private static func matches(_ signature: Substring, _ code: [UInt8]) -> Bool {
        guard let given = DigestValue(hexadecimal: String(signature)) else { return false }
        return ConstantTime.areEqual(given.bytes, code)
    }
}
