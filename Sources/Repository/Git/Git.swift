import FoundationEssentials
import Glibc
import Programs
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
    func variables(for directory: String, settings: [String: String] = [:]) -> [Environment.Key: String] {
        var values = environment(for: directory)
        values["GIT_CONFIG_COUNT"] = "\(settings.count)"
        for (number, setting) in settings.enumerated() {
            values["GIT_CONFIG_KEY_\(number)"] = setting.key
            values["GIT_CONFIG_VALUE_\(number)"] = setting.value
        }
        var variables: [Environment.Key: String] = [:]
        for (name, value) in values {
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
    /// - Parameter settings: Of git's configuration, for this run only.
    /// - Throws: ``GitFailure`` when git is missing or ends with another status than those `accepted`.
    func run(
        _ arguments: [String], in directory: String, accepted: Set<Int32> = [0], settings: [String: String] = [:]
    ) async throws(GitFailure) -> [UInt8] {
        guard program != nil else { throw .missing(directory) }
        do {
            let (output, errors) = (try MemoryFile(limit: 64 << 20), try MemoryFile(limit: 1 << 20))
            let result = try await Subprocess.run(
                .name("git"), arguments: Arguments(options(for: directory) + arguments),
                environment: .custom(variables(for: directory, settings: settings)), output: output.output,
                error: errors.output)
            let written = try output.written()
            if case .exited(let status) = result.terminationStatus, accepted.contains(status) { return written }
            throw GitFailure(errorOutput: try errors.written(), directory: directory, command: arguments.first ?? "")
        } catch let failure as GitFailure {
            throw failure
        } catch {
            throw GitFailure("git \(arguments.first ?? "") can't be run: \(error)")
        }
    }

    /// `git status --porcelain -z` with more `arguments`.
    ///
    /// It passes files that look changed to the programs of `filter.*`, which would run with our rights although the
    /// owner of the repository configured them: they are switched off, and such a file counts as changed.
    func status(_ arguments: [String], in directory: String) async throws(GitFailure) -> [UInt8] {
        let filters = try await run(
            ["config", "--null", "--name-only", "--get-regexp", #"^filter\."#], in: directory, accepted: [0, 1])
        var settings: [String: String] = [:]
        for name in filters.split(separator: 0) {
            guard let name = String(validating: name, as: UTF8.self) else {
                throw GitFailure(
                    "a filter in the configuration of \(directory) has a name that is not UTF-8: remove it")
            }
            settings[name] = name.hasSuffix(".required") ? "false" : ""
        }
        let options = [
            "--literal-pathspecs", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all",
        ]
        return try await run(options + arguments, in: directory, settings: settings)
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
