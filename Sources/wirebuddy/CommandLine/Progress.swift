import Glibc

/// Says what takes time: a line on a terminal that appears after a second and vanishes at the end.
enum Progress {
    /// Runs `body` and shows `what` while it lasts longer than a second.
    static func show<Result>(
        _ what: String, isTerminal: Bool = Console.messagesAreOnTerminal,
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        guard isTerminal else { return try await body() }
        let line = Task.detached(priority: .utility) {
            var seconds = 0
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                if Task.isCancelled { break }
                seconds += 1
                // CR and "erase to the end of the line" (ECMA-48 EL), so that the line is rewritten in place.
                Console.write(Array("\r\u{1B}[K\(what) … \(seconds) s".utf8), to: STDERR_FILENO)
            }
            if seconds > 0 { Console.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
        }
        do {
            let result = try await body()
            line.cancel()
            await line.value
            return result
        } catch {
            line.cancel()
            await line.value
            throw error
        }
    }
}
