import Gateway
import Logging
import Reconciler
import ServiceLifecycle

/// Runs the programs of the hooks directory after passes of the daemon, never more than one run at a time. While one runs
/// only the newest pass that is worth one waits.
struct HookService: ServiceLifecycle.Service {
    private let runner: HookRunner
    /// From before the first pass, so that none is missed.
    private let reports: AsyncStream<PassReport>

    init(_ gateway: RunningGateway, _ reconciliation: any Reconciliation, logger: Logger) {
        runner = HookRunner(HookDirectory(gateway.composition.settings), logger: logger)
        reports = reconciliation.reports()
    }

    func run() async throws {
        let (jobs, next) = AsyncStream.makeStream(of: HookJob.self, bufferingPolicy: .bufferingNewest(1))
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    var watch = HookWatch()
                    for await report in reports {
                        if let job = watch.job(report) { next.yield(job) }
                    }
                    next.finish()
                }
                group.addTask { for await job in jobs { await runner.run(job) } }
            }
        }
    }
}

extension HookDirectory {
    /// The directory of a host.
    init(_ settings: HostSettings) {
        self.init(path: settings.hooksDirectory.content)
    }
}
