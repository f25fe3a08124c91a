import Foundation
import Glibc

/// A program that runs while a test does, and is killed with this value.
///
/// Foundation's `Process` is no good for one: a program that it starts inherits what another thread opened at that moment,
/// so also the socket by which Foundation learns that another test's program ended. Whoever waits for that one then waits
/// until the lasting one has ended too, and two threads that do are all that a small machine has. This one keeps
/// nothing but its first three descriptors.
public final class LastingProgram: Sendable {
    private let identifier: pid_t
    private let input: FileHandle
    private let output: FileHandle

    /// Closes what it inherited and becomes the program.
    private static let launcher = [
        "python3", "-c", "import os, sys; os.closerange(3, 4096); os.execvp(sys.argv[1], sys.argv[1:])",
    ]

    /// Starts a program that is looked for in `PATH`; its error output goes nowhere.
    public init(_ arguments: [String]) throws {
        let (theirInput, ourInput) = try Self.connected()
        input = FileHandle(fileDescriptor: ourInput, closeOnDealloc: true)
        defer { close(theirInput) }
        let (ourOutput, theirOutput) = try Self.connected()
        output = FileHandle(fileDescriptor: ourOutput, closeOnDealloc: true)
        defer { close(theirOutput) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, theirInput, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, theirOutput, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let words = unsafe (Self.launcher + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var started: pid_t = 0
        guard unsafe posix_spawnp(&started, Self.launcher[0], &actions, nil, words, environ) == 0 else {
            throw CocoaError(.executableLoad)
        }
        identifier = started
    }

    private static func connected() throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw CocoaError(.executableLoad) }
        return (ends[0], ends[1])
    }

    deinit {
        kill(identifier, SIGKILL)
        while waitpid(identifier, nil, 0) < 0 && errno == EINTR {}
    }

    /// What it has written next; empty when it ended.
    public func read() -> String { String(decoding: output.availableData, as: UTF8.self) }
}
