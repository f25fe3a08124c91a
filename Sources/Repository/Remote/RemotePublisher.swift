/// Sends commits of writes to the remote.
struct RemotePublisher: CommitPublisher {
    let link: RemoteLink
    let repository: ConfigurationRepository

    func publish(_ commit: ObjectName) async -> Publication {
        switch await link.publish(commit.description) {
        case .pushed: .settled(.pushed)
        case .ahead(let count): .settled(.ahead(count))
        case .rejected: .rejected
        }
    }

    func catchUp(_ move: (ObjectName, ObjectName) async throws(WriteFailure) -> Void) async throws(WriteFailure) {
        do throws(RemoteFailure) {
            try await repository.catchUp(link) { (old, new) async throws(RemoteFailure) in
                do throws(WriteFailure) {
                    try await move(old, new)
                } catch {
                    throw RemoteFailure(error)
                }
            }
        } catch {
            switch error {
            case .diverged(let why): throw .diverged(why)
            case .dirty(let paths): throw .dirty(paths: paths)
            // It answered a moment ago: the next try finds it unreachable, and commits here.
            case .unreachable, .overtaken: return
            case .busy(let why): throw .conflict(why)
            case .failed(let why): throw .failed(why)
            }
        }
    }

    func standing(of head: ObjectName) async -> WriteReceipt.Remote {
        let seen = try? await link.commit(link.seenReference)
        let ahead = await link.count(head.description, without: seen)
        return ahead == 0 ? .pushed : .ahead(ahead)
    }
}

extension RemoteFailure {
    /// Why the branch could not be moved.
    init(_ failure: WriteFailure) {
        switch failure {
        case .dirty(let paths): self = .dirty(paths)
        case .conflict(let why): self = .busy(why)
        default: self = .failed(failure.description)
        }
    }
}
