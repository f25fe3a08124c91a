import Gateway
import Logging
import Reconciler
import ServiceLifecycle
import Synchronization

/// The loop of this process and the controller it drives, as the API sees them.
final class LiveReconciliation: Reconciliation, ServiceLifecycle.Service {
    private let gateway: RunningGateway
    private let loop: ReconcileLoop
    private let board: PassBoard
    /// The look that is under way, and who waits for it.
    private let look = Mutex<Task<Void, Never>?>(nil)

    /// How long a reader waits for a look at the host.
    private static let patience: Duration = .milliseconds(250)

    /// A loop that makes no pass before it runs.
    ///
    /// - Parameter report: gets what each pass of the loop saw and did.
    init(
        _ gateway: RunningGateway, reload: AsyncStream<Void>, report: @escaping @Sendable (PassReport) async -> Void
    ) {
        let board = PassBoard()
        self.gateway = gateway
        self.board = board
        loop = ReconcileLoop(gateway.controller, ports: gateway.ports, reload: reload) { pass in
            board.publish(pass)
            await report(pass)
        }
    }

    /// Runs the loop until graceful shutdown or cancellation.
    func run() async throws {
        defer { board.end() }
        try await loop.run()
    }

    var view: GatewayView? { gateway.controller.view }

    var inventory: any Inventory { gateway.database }

    func refreshedView(maximumAge: Duration) async -> GatewayView? {
        guard let view, gateway.ports.uptime.uptime() - view.lookedAt > maximumAge else { return view }
        let isBusy = gateway.controller.isBusy
        let look = refresh()
        if !isBusy { await Self.wait(for: look, atMost: Self.patience) }
        return self.view
    }

    func preview(_ options: PassOptions) async throws -> PassReport {
        var options = options
        if options.source == nil { options.source = gateway.previewSource }
        return try await gateway.controller.preview(options)
    }

    func pass(_ options: PassOptions) async throws -> PassReport {
        var options = options
        // Who revokes or takes down wants nothing to be made.
        if options.scope != .everything, options.source == nil { options.source = gateway.previewSource }
        let report = try await gateway.controller.pass(options)
        board.publish(report, isWhole: options.scope == .everything && !report.isStale)
        return report
    }

    func passAfterWrite(of revision: String, within time: Duration) async -> PassReport? {
        let begun = gateway.controller.passesBegun
        let suits = { @Sendable (report: PassReport) in report.number > begun || report.revision?.id == revision }
        loop.trigger(.revision)
        return await board.report(within: time, on: gateway.ports.uptime, where: suits)
    }

    func reports() -> AsyncStream<PassReport> { board.reports() }

    /// The look that is under way, or a new one.
    private func refresh() -> Task<Void, Never> {
        look.withLock { look in
            if let look { return look }
            let begun = Task { [gateway, weak self] in
                do {
                    try await gateway.controller.refresh()
                } catch {
                    gateway.ports.logger.warning("the host can't be looked at", metadata: ["error": "\(error)"])
                }
                self?.look.withLock { $0 = nil }
            }
            look = begun
            return begun
        }
    }

    private static func wait(for look: Task<Void, Never>, atMost time: Duration) async {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let waiting = Task {
            await look.value
            end.finish()
        }
        let timeout = Task {
            // Cancelled: the look came first.
            try? await Task.sleep(for: time)
            end.finish()
        }
        for await _ in ends {}
        timeout.cancel()
        waiting.cancel()
    }
}
