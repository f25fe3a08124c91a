import FoundationEssentials
import Glibc
import Subprocess

/// The `git` program: arguments only (never a shell), a cleaned environment, nothing of the repository executed.
public struct Git: Sendable {
    private let inherited: [String: String]

    /// The program found in `PATH`.
    ///
    /// - Parameter environment: The variables to start from; nil: this process's. `GIT_*` is removed in any case, so
    ///   that a hook or shell that started us can't point git elsewhere; `HOME` stays, so that the user's
    ///   `safe.directory` works.
    public init(environment: [String: String]? = nil) {
        inherited = environment ?? ProcessInfo.processInfo.environment
    }

    /// The variables git gets when it works in `directory`.
    func environment(for directory: String) -> [String: String] {
        var variables = inherited.filter { !$0.key.hasPrefix("GIT_") && $0.key != "LANGUAGE" }
        // English messages, no questions, no index refresh, no replaced objects; and a directory that is no repository
        // is not one of a folder above it.
        variables["LC_ALL"] = "C"
        variables["GIT_TERMINAL_PROMPT"] = "0"
        variables["GIT_OPTIONAL_LOCKS"] = "0"
        variables["GIT_NO_REPLACE_OBJECTS"] = "1"
        variables["GIT_CEILING_DIRECTORIES"] = Self.parent(of: directory)
        return variables
    }

    /// The same, as the package that starts it takes them.
    func variables(for directory: String) -> [Environment.Key: String] {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment(for: directory) {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        return variables
    }

    /// What comes before every subcommand: neither hooks nor a file system monitor of the repository may run.
    func options(for directory: String) -> [String] {
        ["-C", directory, "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "gc.auto=0"]
    }

    /// Runs a subcommand in `directory` and returns what it wrote to its output.
    ///
    /// - Throws: ``GitFailure`` when git is missing or ends with another status than those `accepted`.
    func run(
        _ arguments: [String], in directory: String, accepted: Set<Int32> = [0]
    ) async throws(GitFailure) -> [UInt8] {
        guard program != nil else { throw .missing(directory) }
        do {
            let result = try await Subprocess.run(
                .name("git"), arguments: Arguments(options(for: directory) + arguments),
                environment: .custom(variables(for: directory)), output: .bytes(limit: 64 << 20),
                error: .bytes(limit: 1 << 20))
            if case .exited(let status) = result.terminationStatus, accepted.contains(status) {
                return result.standardOutput
            }
            throw GitFailure(errorOutput: result.standardError, directory: directory, command: arguments.first ?? "")
        } catch let failure as GitFailure {
            throw failure
        } catch {
            throw GitFailure("git \(arguments.first ?? "") can't be run: \(error)")
        }
    }

    /// The program, the first `git` in `PATH`; nil when there is none.
    var program: String? {
        (inherited["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map { "\($0)/git" }.first { path in
            unsafe access(path, X_OK) == 0
        }
    }

    private static func parent(of directory: String) -> String {
        guard let path = OpenFile.realPath(directory) else { return "/" }
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
