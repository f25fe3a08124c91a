import Dispatch
import Glibc
import Logging
import NIOSSL
import Synchronization

/// The certificate of the listeners, read again when its files change; new connections take the newest one.
final class CertificateStore: Sendable {
    private struct Loaded {
        var context: NIOSSLContext
        var stamps: [FileStamp?]
        /// Files that could not be used, so that they are complained about once.
        var refused: [FileStamp?] = []
    }

    private let files: ServerOptions.CertificateFiles
    private let loaded: Mutex<Loaded>

    /// Reads the files.
    ///
    /// - Throws: ``ServerFailure`` when they can't be used.
    init(_ files: ServerOptions.CertificateFiles) throws(ServerFailure) {
        self.files = files
        let stamps = Self.stamps(files)
        loaded = Mutex(Loaded(context: try Self.context(files), stamps: stamps))
    }

    /// What a new connection uses.
    var context: NIOSSLContext { loaded.withLock { $0.context } }

    /// Reads the files again if they changed. While they don't fit each other, or can't be read, the former stay in use.
    func refresh(_ logger: Logger) {
        let stamps = Self.stamps(files)
        guard loaded.withLock({ $0.stamps != stamps && $0.refused != stamps }) else { return }
        do {
            let context = try Self.context(files)
            loaded.withLock { $0 = Loaded(context: context, stamps: stamps) }
            logger.notice("certificate read", metadata: ["file": "\(files.certificate)"])
        } catch {
            loaded.withLock { $0.refused = stamps }
            logger.error("certificate not usable, the former stays in use", metadata: ["error": "\(error)"])
        }
    }

    private static func context(_ files: ServerOptions.CertificateFiles) throws(ServerFailure) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
            guard !chain.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerFailure(
                "certificate \(files.certificate) with key \(files.key) can't be used (\(error)): check api.tls in the host file"
            )
        }
    }

    private static func stamps(_ files: ServerOptions.CertificateFiles) -> [FileStamp?] {
        [FileStamp(files.certificate), FileStamp(files.key)]
    }
}

/// What changes when a file is written or replaced.
private struct FileStamp: Sendable, Equatable {
    let inode: ino_t
    let size: off_t
    let seconds: Int
    let nanoseconds: Int

    /// nil: it can't be found.
    init?(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        inode = status.st_ino
        size = status.st_size
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
