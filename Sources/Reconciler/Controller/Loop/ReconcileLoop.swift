import Logging
import Model
public import ServiceLifecycle

/// Makes a pass whenever there may be something to do, until it is shut down. The gateway runs on without it: what
/// carries traffic is the kernel's (or a program that outlives us).
public struct ReconcileLoop: ServiceLifecycle.Service {
    private let controller: Controller
    private let ports: ControllerPorts
    private let reload: AsyncStream<Void>
    private let report: @Sendable (PassReport) async -> Void
    private let box = TriggerBox()

    /// A loop over `controller`, which was made with the same ports. Each element of `reload` (SIGHUP) asks for a pass
    /// that reads secrets again and forgets backoff. `report` gets what each pass saw and did.
    public init(
        _ controller: Controller, ports: ControllerPorts, reload: AsyncStream<Void>,
        report: @escaping @Sendable (PassReport) async -> Void = { _ in }
    ) {
        self.controller = controller
        self.ports = ports
        self.reload = reload
        self.report = report
    }

    /// Asks for a pass, as a trigger of this kind would.
    public func trigger(_ trigger: LoopTrigger) { box.put(trigger) }

    /// Lets a loop that waits make a turn without a pass, which its progress shows.
    public func nudge() { box.nudge() }

    /// Runs until graceful shutdown or cancellation; a pass in progress is finished, then memory is flushed.
    public func run() async throws {
        // Subscribed before the first look, so that nothing falls between the two.
        let events = ports.backend.events()
        let revisions = ports.revisions.changes()
        let names = ports.names.changes()
        await note("the loop began")
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await event in events { box.put(Self.trigger(for: event)) } }
                group.addTask { for await _ in revisions where await hasNewHead() { box.put(.revision) } }
                group.addTask { for await _ in names { box.put(.name) } }
                group.addTask { for await _ in reload { box.put(.reload) } }
                group.addTask { for await _ in controller.probing.changes { box.put(.probe) } }
                await makePasses()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            box.close()
        }
        controller.probing.stop()
        do {
            try await controller.flush()
        } catch {
            ports.logger.error("endpoints could not be saved", metadata: ["error": "\(error)"])
        }
        await note("the loop ended; interfaces keep running")
    }

    /// Whether no pass has read the head yet, as far as can be said: after a write one mostly has.
    private func hasNewHead() async -> Bool {
        guard let head = await ports.revisions.headID() else { return true }
        return head != controller.lastHead
    }

    private static func trigger(for event: HostEvent) -> LoopTrigger {
        switch event {
        case .network, .firewall, .overrun: .event
        case .userspaceEnded: .userspaceEnded
        }
    }

    private func makePasses() async {
        var schedule = LoopSchedule()
        while !box.isClosed, !Task.isCancelled {
            ports.progress.mark()
            let now = ports.uptime.uptime()
            for trigger in box.take() { schedule.receive(trigger, at: now) }
            if let due = schedule.due, due <= now {
                await makePass(&schedule, at: now)
            } else {
                await box.wait(until: schedule.due, on: ports.uptime)
            }
        }
    }

    private func makePass(_ schedule: inout LoopSchedule, at began: Duration) async {
        let cause = schedule.begin(at: began)
        do {
            let report = try await controller.pass(PassOptions(trigger: cause.name, mode: .loop))
            let now = ports.uptime.uptime()
            let wall = ports.clock.now()
            schedule.finish(
                began: began, interval: interval, retryAt: report.retryAt,
                instantAt: controller.view?.nextInstant.map { now + .seconds(max(0, $0.seconds - wall.seconds)) })
            await self.report(report)
        } catch {
            schedule.fail(at: ports.uptime.uptime(), interval: interval, jitter: ports.jitter())
            ports.logger.error("no pass could be made", metadata: ["trigger": "\(cause.name)", "error": "\(error)"])
        }
    }

    private var interval: Duration { controller.view?.interval ?? Settings.Reconcile().interval }

    private func note(_ message: String) async {
        let event = Event(at: ports.clock.now(), pass: "", kind: .controller, object: nil, message: message)
        do {
            try await ports.inventory.appendEvents([event])
        } catch {
            ports.logger.error("the state database can't be written", metadata: ["error": "\(error)"])
        }
    }
}
