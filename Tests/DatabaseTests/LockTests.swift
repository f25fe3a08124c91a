import Database
import Foundation
import Model
import Reconciler
import Testing

@Suite struct LockTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func locks(_ command: String = "wirebuddy serve", patience: Duration = .milliseconds(200)) -> HostLocks {
        HostLocks(
            namespace: 4_026_531_840, command: command, since: Sample.now, directory: "\(directory.path)/run",
            patience: patience)
    }

    @Test func aSecondDaemonIsToldWhoRuns() throws {
        let first = try locks("wirebuddy serve\nx").takeDaemonLock()
        let failure = #expect(throws: LockFailure.self) { try locks("wirebuddy other").takeDaemonLock() }
        #expect(failure?.kind == .held)
        #expect(
            failure?.description.contains("process \(getpid()) (wirebuddy serve x) since 2027-01-15T08:00:00Z") == true)
        first.release()
        first.release()
        try locks().takeDaemonLock().release()
        #expect(try directory.mode(of: "run/netns-4026531840") == 0o700)
        #expect(try directory.mode(of: "run/netns-4026531840/daemon") == 0o600)
    }

    @Test func aLockEndsWithItsValue() throws {
        _ = try locks().takeDaemonLock()
        _ = try locks().takeDaemonLock()
    }

    @Test func passesTakeTurns() async throws {
        let (a, b) = (locks(patience: .seconds(60)), locks(patience: .seconds(60)))
        let inside = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await (number % 2 == 0 ? a : b).withPassLock {
                        #expect(await inside.enter() == 1)
                        try await Task.sleep(for: .milliseconds(1))
                        await inside.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func waitingEndsWithTheHolder() async throws {
        try await locks("wirebuddy apply").withPassLock {
            let start = ContinuousClock.now
            let failure = await #expect(throws: LockFailure.self) { try await locks().withPassLock {} }
            #expect(failure?.kind == .held && failure?.description.contains("wirebuddy apply") == true)
            #expect(ContinuousClock.now - start >= .milliseconds(200))
        }
        // A body that throws releases it.
        await #expect(throws: CancellationError.self) { try await locks().withPassLock { throw CancellationError() } }
        try await locks().withPassLock {}
    }

    @Test func aDaemonAndPassesAreApart() async throws {
        let daemon = try locks().takeDaemonLock()
        try await locks().withPassLock {}
        daemon.release()
    }

    @Test func anotherNamespaceIsAnotherLock() throws {
        let other = HostLocks(
            namespace: 1, command: "wirebuddy serve", since: Sample.now, directory: "\(directory.path)/run")
        let first = try locks().takeDaemonLock()
        try other.takeDaemonLock().release()
        first.release()
    }

    /// The record of a killed process stays in the file; the kernel's lock does not.
    @Test func aKilledHolderIsNoHolder() throws {
        try locks().takeDaemonLock().release()
        let file = "\(directory.path)/run/netns-4026531840/daemon"
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let record = "printf '4711\\nsince then\\nother program\\n' > \(file); exec sleep 60"
        holder.arguments = ["flock", "--no-fork", "-x", file, "sh", "-c", record]
        try holder.run()
        defer { kill(holder.processIdentifier, SIGKILL) }
        var description = ""
        for _ in 0..<500 where !description.contains("process 4711 (other program) since since then") {
            do { try locks().takeDaemonLock().release() } catch { description = error.description }
            usleep(10_000)
        }
        #expect(description.contains("process 4711 (other program) since since then"))
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        try locks().takeDaemonLock().release()
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("wirebuddy serve"))
    }

    @Test(arguments: ["", "x", "\n\n\n", "1\n2", "99999999999\na\nb\n"]) func aTornRecordIsHarmless(record: String)
        throws
    {
        try locks().takeDaemonLock().release()
        let file = "\(directory.path)/run/netns-4026531840/daemon"
        let held = try locks().takeDaemonLock()
        try #require(FileHandle(forWritingAtPath: file)).truncate(atOffset: 0)
        try #require(FileHandle(forWritingAtPath: file)).write(contentsOf: Data(record.utf8))
        let failure = #expect(throws: LockFailure.self) { try locks().takeDaemonLock() }
        #expect(failure?.description.contains("unknown process") == true)
        held.release()
        try locks().takeDaemonLock().release()
    }

    /// `wireguard-go` outlives us: it must not carry our lock with it.
    @Test func programsWeStartDoNotInheritTheLock() throws {
        let held = try locks().takeDaemonLock()
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        child.arguments = ["sleep", "60"]
        try child.run()
        defer {
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(child.processIdentifier)/fd")
        let open = descriptors.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(child.processIdentifier)/fd/\($0)")
        }
        #expect(!open.contains { $0.hasSuffix("/daemon") })
        held.release()
    }

    @Test func anUnusableDirectoryIsNotALockHeld() throws {
        try Data().write(to: URL(fileURLWithPath: "\(directory.path)/run"))
        let failure = #expect(throws: LockFailure.self) { try locks().takeDaemonLock() }
        #expect(failure?.kind == .unusable && failure?.description.contains("not a directory") == true)
    }

    @Test func takingItAgainWritesNothing() async throws {
        let locks = locks()
        try await locks.withPassLock {}
        let before = try directory.fingerprint(of: "run/netns-4026531840")
        try await Task.sleep(for: .milliseconds(20))
        for _ in 0..<10 { try await locks.withPassLock {} }
        #expect(try directory.fingerprint(of: "run/netns-4026531840") == before)
    }
}

private actor Counter {
    private var count = 0

    func enter() -> Int {
        count += 1
        return count
    }

    func leave() { count -= 1 }
}
