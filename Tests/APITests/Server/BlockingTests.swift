import Dispatch

/// Where tests run whose calls block: on a thread of their own, since the server they wait for needs the cooperative
/// pool, which has as many threads as the machine has cores.
@globalActor actor BlockingTests {
    static let shared = BlockingTests()

    private let executor = ThreadExecutor()

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }
}

private final class ThreadExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "wirebuddy.tests.blocking")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
