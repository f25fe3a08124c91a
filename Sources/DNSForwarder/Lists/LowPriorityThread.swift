import Glibc

/// A thread for work that blocks and that nobody waits for: reading a list. It yields to the threads that answer.
enum LowPriorityThread {
    /// Runs `body` on a thread of its own and returns what it did.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let work: @Sendable () -> Void = { continuation.resume(returning: body()) }
            // A process that is out of threads does the work on this one.
            if !startThread(work) { work() }
        }
    }
}

/// Starts a detached thread of low priority that blocks all signals, so that those of the process reach the threads
/// that wait for them. False if there can't be another thread; then `body` does not run.
private func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    let box = unsafe Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    let status = unsafe pthread_create(
        &thread, nil,
        { argument in
            guard let argument = unsafe argument else { return nil }
            let body = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
            var all = sigset_t()
            unsafe sigfillset(&all)
            unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
            // On Linux each thread has a nice value of its own (man 2 setpriority, notes).
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
            body.run()
            return nil
        }, box.toOpaque())
    guard status == 0 else {
        unsafe box.release()
        return false
    }
    pthread_detach(thread)
    return true
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
