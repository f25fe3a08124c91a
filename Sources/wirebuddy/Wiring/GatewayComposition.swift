import Credentials
import Database
import Glibc
import Logging
import Manifest
import Model
import Reconciler

/// Where the parts become a gateway: settings, then adapters, then the controller that works with them.
struct GatewayComposition: Sendable {
    /// The values of host file and flags.
    var settings: HostSettings
    /// Warnings about the host file.
    let warnings: [String]
    let global: GlobalOptions
    let clock = SystemClock()

    /// Reads the host file. Nothing else is touched.
    ///
    /// - Throws: ``CommandFailure`` when the host file can't be read or is not valid.
    init(_ global: GlobalOptions) throws(CommandFailure) {
        let (file, warnings) = try Self.readHostFile(global.hostFile)
        settings = HostSettings(config: global.config, state: global.state, hostFile: global.hostFile, file: file)
        self.warnings = warnings
        self.global = global
    }

    private static func readHostFile(
        _ given: String?
    ) throws(CommandFailure) -> (HostConfiguration, warnings: [String]) {
        let path = given ?? HostSettings.defaultHostFile
        switch SmallFile.read(path) {
        case .failure(let error) where error.code == ENOENT && given == nil: return (HostConfiguration(), [])
        case .failure(let error): throw CommandFailure(.error, "host file \(path) can't be read: \(error)")
        case .success(let bytes):
            let (configuration, problems) = HostFile.decode(path: path, bytes: bytes)
            let lines = problems.map { $0.render() }
            guard let configuration else {
                throw CommandFailure(.error, "host file \(path) is not valid", details: lines)
            }
            return (configuration, lines)
        }
    }

    /// The checks of this host.
    var checks: HostChecks { HostChecks(settings: settings) }

    /// Stops with the first of `checks` that failed: nothing was written by then.
    ///
    /// - Throws: ``CommandFailure`` with the line of that check.
    func require(_ checks: [HostCheck]) throws(CommandFailure) {
        if let failure = checks.lazy.compactMap(\.failure).first { throw CommandFailure(.error, failure) }
    }

    /// Opens the database.
    ///
    /// - Throws: ``CommandFailure`` with the line of the failure.
    func openDatabase() throws(CommandFailure) -> GatewayDatabase {
        do {
            return try GatewayDatabase.open(state: settings.state.content, program: Version.text)
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }

    /// Whether there is a database that this user may use.
    var hasDatabase: Bool { unsafe access("\(settings.state.content)/wirebuddy.db", R_OK | W_OK) == 0 }

    /// The locks of this network namespace, with this process as the holder that others are shown.
    ///
    /// - Parameter words: how many words of the command line they see.
    func locks(showing words: Int = 2) -> HostLocks {
        let words = CommandLine.arguments.prefix(words).map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        return HostLocks(
            namespace: NetworkNamespace.inode, command: words.joined(separator: " "), since: clock.now())
    }

    /// The secrets of this host.
    var secrets: HostSecrets {
        HostSecrets(
            state: settings.state.content, directory: settings.secretsDirectory.content,
            allowedNames: settings.secretsEnvironment.content)
    }

    /// A logger to standard error. Commands that print a report say nothing twice: they log only what is asked for.
    func logger(default level: Logger.Level = .critical) -> Logger {
        let level = global.logLevel?.level ?? level
        // systemd sets it for the journal, which keeps its own time.
        let prefix: StandardErrorLogHandler.Prefix = Environment["JOURNAL_STREAM"] == nil ? .timestamp : .priority
        let clock = clock
        return Logger(label: "wirebuddy") { _ in StandardErrorLogHandler(level: level, prefix: prefix, clock: clock) }
    }
}
