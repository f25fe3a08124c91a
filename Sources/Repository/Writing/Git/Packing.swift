/// Packs what the writes made, when there is nothing to write: each batch leaves one small pack.
struct Packing {
    private let git: Git
    private let directory: String
    private let objects: String
    private var running: ChildProcess?

    /// How many packs are worth it.
    private static let packLimit = 50

    init(_ git: Git, directory: String, objects: String) {
        self.git = git
        self.directory = directory
        self.objects = objects
    }

    /// Begins to pack, without waiting for it.
    mutating func packIfWorthwhile() {
        guard running?.hasEnded() ?? true else { return }
        running = nil
        let packs = (try? FolderNames.list("\(objects)/pack"))?.count { $0.hasSuffix(".pack") } ?? 0
        guard packs > Self.packLimit, let program = git.program else { return }
        let arguments = ["repack", "-d", "-l", "-q", "--geometric=2"]
        running = try? ChildProcess(
            [program] + git.options(for: directory) + arguments, environment: git.environment(for: directory))
    }

    /// Waits for the end of what was begun.
    mutating func finish() {
        _ = running?.finish()
        running = nil
    }
}
