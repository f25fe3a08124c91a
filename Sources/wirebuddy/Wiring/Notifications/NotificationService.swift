import Credentials
import Fetch
import Gateway
import Glibc
import Logging
import Model
import Reconciler
import ServiceLifecycle

/// What the daemon tells others about its passes.
struct NotificationService: ServiceLifecycle.Service {
    private let reconciliation: any Reconciliation
    private let notifier: Notifier
    private let summaries: SummaryTeller
    private let logger: Logger
    /// From before the first pass, so that none is missed.
    private let reports: AsyncStream<PassReport>

    init(_ gateway: RunningGateway, _ reconciliation: any Reconciliation, logger: Logger) {
        self.reconciliation = reconciliation
        reports = reconciliation.reports()
        let secrets = gateway.composition.secrets
        notifier = Notifier(Post(), gateway: Self.hostName, clock: SystemUptime(), logger: logger) {
            reference, context throws(SecretFailure) in
            try secrets.resolve(reference, context: context)
        }
        summaries = SummaryTeller(
            gateway.database, gateway.database, notifier, clock: gateway.composition.clock)
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await notifier.run() }
                group.addTask { await follow() }
            }
        }
    }

    private func follow() async {
        var watch = NotificationWatch()
        for await report in reports {
            // Who is to be told follows the revision in force.
            let settings = reconciliation.view?.catalog?.settings
            if let settings { await notifier.configure(settings) }
            await notifier.note(watch.messages(report))
            if let settings { await tellSummaries(settings, report) }
        }
    }

    /// The next pass tries again what could not be read or written.
    private func tellSummaries(_ settings: Settings, _ report: PassReport) async {
        do {
            try await summaries.tell(settings, after: report)
        } catch {
            logger.warning("the summary of the day can't be made", metadata: ["error": "\(error)"])
        }
    }

    static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
