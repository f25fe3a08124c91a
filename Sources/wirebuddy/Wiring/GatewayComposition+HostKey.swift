import Credentials
import Manifest
import Model
import Repository

extension GatewayComposition {
    /// Makes the key that sealed values are sealed to, where there is none yet, so that it can be named as a recipient.
    /// That it can't be made matters only to sealed values, which then say so.
    func makeHostKey() { _ = try? HostKey.make(state: settings.state.content) }

    /// What `doctor` says about sealed values; nothing where the configuration can't be read.
    func sealingChecks() async -> [HostCheck] {
        guard checks.config().failure == nil, checks.git().failure == nil,
            let tree = try? await repository.presentTree(now: clock.now())
        else { return [] }
        let recipients = tree.recipients
        let name = "host key"
        var found: [HostCheck] = []
        do throws(SecretFailure) {
            if let key = try HostKey.load(state: settings.state.content)?.publicKey {
                let isRecipient = recipients.contains { $0.key == key }
                found.append(
                    HostCheck(
                        name,
                        isRecipient || recipients.isEmpty
                            ? .good("\(key)")
                            : .warning(
                                "\(key) is not among the recipients, so that this host can't open sealed values: run"
                                    + " `wirebuddy secret recipients add gateway \(key) --role host\(global.repeated)`")
                    ))
            } else {
                found.append(
                    HostCheck(name, .warning("not made yet: the first apply does, or `wirebuddy secret recipients`")))
            }
        } catch {
            found.append(HostCheck(name, .warning(error.description)))
        }
        guard !recipients.isEmpty else { return found }
        let recovery = recipients.filter { $0.role == .recovery }.map(\.name).joined(separator: ", ")
        found.append(
            HostCheck(
                "recovery recipient",
                recovery.isEmpty
                    ? .warning(
                        "none: sealed values are lost with the key of the host; run `wirebuddy secret recipients generate"
                            + " recovery --role recovery\(global.repeated)`")
                    : .good(recovery)))
        return found
    }
}
