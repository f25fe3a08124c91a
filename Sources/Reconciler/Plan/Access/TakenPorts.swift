import Model

/// Ports of the gateway that lead to peers although a program of the gateway listens there: what comes from outside the
/// tunnels reaches the peer, no longer the program.
struct TakenPorts {
    /// A program whose port is taken.
    struct Taken {
        let forward: Forward
        let program: String?

        /// Whether the admin may be locked out: SSH's port, or our own.
        var locksOut: Bool {
            guard forward.transport == .tcp else { return false }
            return forward.port == 22 || program.map { $0.hasPrefix("sshd") || $0 == "wirebuddy" } ?? false
        }

        /// `tcp/22, where sshd listens`.
        var text: String {
            "\(forward.transport.rawValue)/\(forward.port), where \(program ?? "a program") listens"
        }
    }

    /// In the order of the forwards' names.
    let taken: [Taken]

    init(_ input: PlanInput) {
        taken = input.desired.policies.forwards.flatMap { forward in
            input.observed.listeners.filter { $0.transport == forward.transport && $0.port == forward.port }
                .map { Taken(forward: forward, program: $0.program) }
        }
    }

    /// What people are told at each look.
    var notes: [PlanNote] {
        taken.map { taken in
            PlanNote(
                object: ObjectID(.forward, taken.forward.name),
                message: "takes \(taken.text): from outside the tunnels it leads to peer \(taken.forward.to.peer)")
        }
    }
}
