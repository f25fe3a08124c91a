import Glibc

/// Starts a detached thread that blocks all signals, so that those of the process reach the threads that wait for them. It
/// is in the network namespace of its maker.
///
/// Does nothing but trap when the process is out of threads: there is no way to go on without this one.
func startThread(_ body: @escaping @Sendable () -> Void) {
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
            body.run()
            return nil
        }, box.toOpaque())
    precondition(status == 0, "the process can't start another thread (error \(status))")
    pthread_detach(thread)
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
