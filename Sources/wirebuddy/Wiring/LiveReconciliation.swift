import Gateway
import Logging
import Reconciler
import ServiceLifecycle
import Synchronization

/// The loop of this process and the controller it drives, as the API sees them.
final class LiveReconciliation: Reconciliation, ServiceLifecycle.Service {
    private let controller: Controller
    private let ports: ControllerPorts
    private let previewSource: any RevisionSource
    private let loop: ReconcileLoop
    private let board: PassBoard
    private let settle: @Sendable (PassReport) async -> Void
    /// The look that is under way, and who waits for it.
    private let look = Mutex<Task<Void, Never>?>(nil)

    /// How long a reader waits for a look at the host.
    private static let patience: Duration = .milliseconds(250)

    /// A loop that makes no pass before it runs.
    ///
    /// - Parameters:
    ///   - ports: those that the controller was made with.
    ///   - previewSource: the revisions for who only looks: nothing is written back.
    ///   - reload: each element asks for a pass that reads secrets again.
    ///   - settle: brings along what follows the declared state beside the host, before anybody hears of a pass.
    ///   - report: gets what each pass of the loop saw and did.
    init(
        _ controller: Controller, ports: ControllerPorts, previewSource: any RevisionSource,
        reload: AsyncStream<Void>, settle: @escaping @Sendable (PassReport) async -> Void = { _ in },
        report: @escaping @Sendable (PassReport) async -> Void = { _ in }
    ) {
        let board = PassBoard()
        self.controller = controller
        self.ports = ports
        self.previewSource = previewSource
        self.board = board
        self.settle = settle
        loop = ReconcileLoop(controller, ports: ports, reload: reload) { pass in
            await settle(pass)
            board.publish(pass)
            await report(pass)
        }
    }

    /// The loop of a gateway.
    convenience init(
        _ gateway: RunningGateway, dns: ServedDNS, reload: AsyncStream<Void>,
        report: @escaping @Sendable (PassReport) async -> Void
    ) {
        let controller = gateway.controller
        self.init(
            controller, ports: gateway.ports, previewSource: gateway.previewSource, reload: reload,
            settle: { pass in
                let catalog = pass.isTeardown ? nil : controller.view?.catalog
                await dns.feed.declare(catalog, revision: pass.inForce ?? "")
            }, report: report)
    }

    /// Runs the loop until graceful shutdown or cancellation.
    func run() async throws {
        defer { board.end() }
        try await loop.run()
    }

    var view: GatewayView? { controller.view }

    var inventory: any Inventory { ports.inventory }

    func refreshedView(maximumAge: Duration) async -> GatewayView? {
        guard let view, ports.uptime.uptime() - view.lookedAt > maximumAge else { return view }
        let isBusy = controller.isBusy
        let look = refresh()
        if !isBusy { await Self.wait(for: look, atMost: Self.patience) }
        return self.view
    }

    func preview(_ options: PassOptions) async throws -> PassReport {
        var options = options
        if options.source == nil { options.source = previewSource }
        return try await controller.preview(options)
    }

    func pass(_ options: PassOptions) async throws -> PassReport {
        var options = options
        // Who revokes or takes down wants nothing to be made.
        if options.scope != .everything, options.source == nil { options.source = previewSource }
        let report = try await controller.pass(options)
        if options.scope == .everything || report.isTeardown { await settle(report) }
        board.publish(report, isWhole: options.scope == .everything && !report.isStale)
        return report
    }

    func passAfterWrite(of revision: String, within time: Duration) async -> PassReport? {
        let begun = controller.passesBegun
        let suits = { @Sendable (report: PassReport) in report.number > begun || report.revision?.id == revision }
        loop.trigger(.revision)
        return await board.report(within: time, on: ports.uptime, where: suits)
    }

    /// Asks for a pass: something beside the host moved that it tells of.
    func lookAgain() { loop.trigger(.event) }

    /// Asks for a pass: the head of the repository may have moved.
    func lookAtRevision() { loop.trigger(.revision) }

    /// How much the loop got done; grows also when a loop that waits is nudged.
    var progress: Int { ports.progress.count }

    /// Lets a loop that waits make a turn.
    func nudge() { loop.nudge() }

    func reports() -> AsyncStream<PassReport> { board.reports() }

    /// The look that is under way, or a new one.
    private func refresh() -> Task<Void, Never> {
        look.withLock { look in
            if let look { return look }
            let begun = Task { [controller, ports, weak self] in
                do {
                    try await controller.refresh()
                } catch {
                    ports.logger.warning("the host can't be looked at", metadata: ["error": "\(error)"])
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
