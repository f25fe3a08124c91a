import CLibC
import Glibc

/// A thread of its own that runs the jobs of an actor one after another, so that blocking calls don't hold a thread of
/// the cooperative pool. It ends with its last reference.
@safe final class BlockingThread: SerialExecutor {
    private let queue: JobQueue

    /// Starts the thread; `name` (15 bytes at most) is what `ps -L` shows.
    init(name: String) {
        queue = JobQueue(name: name)
        queue.start()
    }

    deinit { queue.stop() }

    func enqueue(_ job: consuming ExecutorJob) {
        unsafe queue.append(.init(job: UnownedJob(job), executor: asUnownedSerialExecutor()))
    }
}

/// The jobs that wait, shared between thread and executor.
@safe private final class JobQueue: @unchecked Sendable {
    @unsafe struct Job {
        let job: UnownedJob
        let executor: UnownedSerialExecutor
    }

    private let name: String
    // Both live at a fixed address until `deinit`; everything below is read and written under the mutex.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [Job] = unsafe []
    private var isStopped = false

    init(name: String) {
        self.name = name
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func start() {
        startThread(named: name) { self.run() }
    }

    func append(_ job: Job) {
        unsafe pthread_mutex_lock(mutex)
        unsafe jobs.append(job)
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    func stop() {
        unsafe pthread_mutex_lock(mutex)
        isStopped = true
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    private func run() {
        while true {
            unsafe pthread_mutex_lock(mutex)
            while unsafe jobs.isEmpty, !isStopped { unsafe pthread_cond_wait(condition, mutex) }
            let batch = unsafe jobs
            unsafe jobs = []
            let isOver = unsafe batch.isEmpty && isStopped
            unsafe pthread_mutex_unlock(mutex)
            if isOver { return }
            unsafe batch.forEach { unsafe $0.job.runSynchronously(on: $0.executor) }
        }
    }
}

/// Starts a detached thread that blocks all signals, so that those of the process reach the threads that wait for them.
///
/// Does nothing but trap when the process is out of threads: there is no way to go on without this one.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    let box = unsafe Unmanaged.passRetained(ThreadBody(name: name, body))
    var thread = pthread_t()
    let status = unsafe pthread_create(
        &thread, nil,
        { argument in
            guard let argument = unsafe argument else { return nil }
            let body = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
            var all = sigset_t()
            unsafe sigfillset(&all)
            unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
            unsafe pthread_setname_np(pthread_self(), String(body.name.prefix(15)))
            body.body()
            return nil
        }, box.toOpaque())
    precondition(status == 0, "the process can't start another thread (error \(status))")
    pthread_detach(thread)
}

private final class ThreadBody: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, _ body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
