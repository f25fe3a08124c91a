import FoundationEssentials
import Logging
import NIOSSL
import Synchronization

/// The certificate of the listeners, read again when its files change; new connections take the newest one.
final class CertificateStore: Sendable {
    private struct Loaded {
        var context: NIOSSLContext
        var contents: [Data?]
        /// Files that could not be used, so that they are complained about once.
        var refused: [Data?] = []
    }

    private let files: ServerOptions.CertificateFiles
    private let loaded: Mutex<Loaded>

    /// Reads the files.
    ///
    /// - Throws: ``ServerFailure`` when they can't be used.
    init(_ files: ServerOptions.CertificateFiles) throws(ServerFailure) {
        self.files = files
        let contents = Self.contents(files)
        loaded = Mutex(Loaded(context: try Self.context(files), contents: contents))
    }

    /// What a new connection uses.
    var context: NIOSSLContext { loaded.withLock { $0.context } }

    /// Reads the files again if they changed. While they don't fit each other, or can't be read, the former stay in use.
    func refresh(_ logger: Logger) {
        let contents = Self.contents(files)
        guard loaded.withLock({ $0.contents != contents && $0.refused != contents }) else { return }
        do {
            let context = try Self.context(files)
            loaded.withLock { $0 = Loaded(context: context, contents: contents) }
            logger.notice("certificate read", metadata: ["file": "\(files.certificate)"])
        } catch {
            loaded.withLock { $0.refused = contents }
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

    private static func contents(_ files: ServerOptions.CertificateFiles) -> [Data?] {
        [files.certificate, files.key].map { FileManager.default.contents(atPath: $0) }
    }
}
