import Model

/// What a checkpoint means for a pass.
enum Stance {
    /// Nothing.
    case free
    /// What was tried is in force, and nothing newer is until somebody decides.
    case window(Checkpoint)
    /// The host is to be restored, by this pass.
    case restore(Checkpoint)
    /// The watchdog is about to restore the host: this pass stays out of its way.
    case yield(Checkpoint)

    /// Judges the newest checkpoint.
    ///
    /// - Parameter isWatched: whether a watchdog lives, which restores the host sooner than somebody else should.
    init(_ checkpoint: Checkpoint?, ports: CheckpointPorts?, options: PassOptions, isWatched: Bool) {
        guard let checkpoint, let ports, checkpoint.state.isOpen || checkpoint.state.isRestoring else {
            self = .free
            return
        }
        let isOver = checkpoint.isOver(uptime: ports.uptime(), bootID: ports.bootID)
        guard checkpoint.state.isRestoring || isOver else {
            self = .window(checkpoint)
            return
        }
        if options.scope != .everything {
            self = .yield(checkpoint)
        } else {
            self = options.isWatchdog || !isWatched ? .restore(checkpoint) : .yield(checkpoint)
        }
    }

    /// Why nothing but revocations is done for a head; nil: no reason here.
    func restriction(head revision: String?) -> String? {
        switch self {
        case .free: nil
        case .window(let checkpoint):
            revision.map { $0 == checkpoint.tried } ?? true
                ? nil : "waiting for the confirmation of \(checkpoint.tried)"
        case .restore(let checkpoint), .yield(let checkpoint):
            "\(checkpoint.tried) is being rolled back to \(checkpoint.confirmed)"
        }
    }
}
