import FoundationEssentials
import Glibc
import Manifest
import Model
import Repository

/// Writes to a configuration repository as fast as it goes, for the benchmark and the crash test:
///
///     RepositoryLoad DIRECTORY WRITERS WRITES [SEED] [rules]
///
/// Each write changes the description of a peer `peer-N` of `wg0`, or adds peer N; with `rules` it adds, changes or
/// removes one of the rules in `dns/rules.yaml`. Every acknowledged write is a line
/// `ok <milliseconds> <revision> <file> <text>`, printed at once; every other one `failed <why>`.
@main
struct RepositoryLoad {
    static func main() async {
        let words = CommandLine.arguments
        guard words.count >= 4, let writers = Int(words[2]), let writes = Int(words[3]) else {
            print("usage: RepositoryLoad DIRECTORY WRITERS WRITES [SEED]")
            exit(64)
        }
        let repository = ConfigurationRepository(directory: words[1], digest: NoDigest(), dnsSyntax: NoRules())
        let seed = words.count > 4 ? words[4] : "0"
        let kind = words.count > 5 && words[5] == "rules" ? LoadKind.rules : .peers
        // The first write reads the whole tree; it is told apart.
        await write(kind, to: repository, number: 0, text: "begin-\(seed)", label: "first")
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for number in 0..<(writes / writers) {
                        let text = "w\(seed)-\(writer)-\(number)"
                        let number = writer + number * writers
                        await write(kind, to: repository, number: number, text: text, label: "ok")
                    }
                }
            }
        }
        say("took \(milliseconds(ContinuousClock.now - start))")
        await repository.close()
    }

    private static func write(
        _ kind: LoadKind, to repository: ConfigurationRepository, number: Int, text: String, label: String
    ) async {
        let author = CommitAuthor(name: "Load", email: "load@example.com")
        let seconds = Int64(Date().timeIntervalSince1970)
        let request = WriteRequest(
            author: author, trailers: [CommitTrailer("Request-Id", text)], now: Timestamp(seconds: seconds)
        ) { tree in
            try kind.change(number, text, in: tree)
        }
        let start = ContinuousClock.now
        do {
            let receipt = try await repository.write(request)
            let time = milliseconds(ContinuousClock.now - start)
            say("\(label) \(time) \(receipt.revision) \(kind.path(number)) \(text)")
        } catch {
            say("failed \(error)")
        }
    }

    /// Prints a line at once, so that it was said when the process is killed.
    private static func say(_ text: String) {
        let line = Array("\(text)\n".utf8)
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) * 1000 + Double(duration.components.attoseconds) / 1e15
    }
}

/// There are no DNS rules to judge.
private struct NoRules: DNSRuleSyntax {
    func fault(inDomain domain: String) -> String? { nil }
    func fault(inFilterLine line: String) -> String? { nil }
}

/// A git repository is identified by its commits.
private struct NoDigest: Digest {
    func digest(_ bytes: [UInt8]) -> DigestValue { DigestValue(bytes: [UInt8](repeating: 0, count: 32)) }
}
