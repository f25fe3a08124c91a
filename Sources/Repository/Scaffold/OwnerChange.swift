import Subprocess

/// Gives a tree of files to another owner, links themselves and not what they point to.
enum OwnerChange {
    static func apply(_ owner: Scaffold.Owner, to path: String) async throws(ScaffoldFailure) {
        let said: String
        do {
            let result = try await Subprocess.run(
                .name("chown"), arguments: ["-R", "-h", "--", "\(owner.user):\(owner.group)", path],
                output: .discarded, error: .string(limit: 4096))
            if case .exited(0) = result.terminationStatus { return }
            said = result.standardError.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no message"
        } catch {
            said = "\(error)"
        }
        throw ScaffoldFailure("the files can't be given to user \(owner.user): \(said)")
    }
}
