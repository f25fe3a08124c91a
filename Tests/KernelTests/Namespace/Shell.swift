import Foundation
import Glibc
import Testing

/// What a program did.
struct ShellResult {
    /// The exit status; 128 and the signal's number when one ended it.
    let status: Int32
    /// Standard output and error.
    let output: String
}

/// Runs a program to its end. Nothing but the three standard descriptors is handed on, so that what a shell puts into
/// the background holds nothing up as long as its output goes elsewhere.
@discardableResult
func shell(_ arguments: [String], environment: [String: String] = [:], input: String? = nil) -> ShellResult {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { return ShellResult(status: -1, output: "no pipe") }
    let source = unsafe tmpfile()
    defer { unsafe fclose(source) }
    if let input {
        unsafe fputs(input, source)
        unsafe rewind(source)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, fileno(source), 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    let argv: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
    let envp: [UnsafeMutablePointer<CChar>?] = unsafe variables.map { unsafe strdup($0) } + [nil]
    defer { unsafe (argv + envp).forEach { unsafe free($0) } }
    var id: pid_t = 0
    let spawned = unsafe posix_spawnp(&id, arguments[0], &actions, nil, argv, envp)
    close(ends[1])
    defer { close(ends[0]) }
    guard spawned == 0 else { return ShellResult(status: -1, output: "\(arguments[0]): error \(spawned)") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = unsafe read(ends[0], &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        output += buffer[..<count]
    }
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    return ShellResult(status: code, output: String(decoding: output, as: UTF8.self))
}

/// Runs a command line and expects it to work.
@discardableResult
func sh(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    let result = shell(["bash", "-c", line])
    #expect(result.status == 0, "\(line)\n\(result.output)", sourceLocation: sourceLocation)
    return result.output
}
