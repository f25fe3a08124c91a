import Model

extension Assembly {
    /// At most one Recipients document; sealed values need an identity of the repository, and someone who could open
    /// them after the loss of the host's key.
    mutating func checkSecrets() {
        reportFurther(recipients, RecipientsKind.kind.name)
        let hasRecovery = recipients.contains { $0.object.recipients.contains { $0.role == .recovery } }
        guard !mayHoldMore, settings.first?.object.repositoryID == nil || !hasRecovery else { return }
        let sealed = sealedFields
        guard let first = sealed.first else { return }
        if settings.first?.object.repositoryID == nil {
            for field in sealed {
                problems.append(
                    Problem(
                        path: field.path, position: field.position, code: .missingRepositoryID,
                        message: "\(field.name) is sealed, which needs the repository_id of Settings",
                        suggestion: "write the repository_id back that the value was sealed with"))
            }
        }
        guard !hasRecovery else { return }
        let place = recipients.first.map { ($0.path, $0.position(of: RecipientsKind.recipients)) }
        let (path, position) = place ?? (first.path, first.position)
        problems.append(
            Problem(
                path: path, position: position, severity: .warning, code: .noRecoveryRecipient,
                message: "sealed values have no recovery recipient: they are lost with the key of the host",
                suggestion: "wirebuddy secret recipients generate recovery --role recovery"))
    }

    private struct SealedField {
        var path: String
        var position: SourcePosition
        var name: String
    }

    private var sealedFields: [SealedField] {
        var fields: [SealedField] = []
        for declared in interfaces {
            guard case .sealed = declared.object.privateKey else { continue }
            fields.append(
                SealedField(
                    path: declared.path, position: declared.position(of: InterfaceKind.privateKey),
                    name: "private_key of \(label(declared))"))
        }
        for (index, declared) in peers.enumerated() {
            if case .sealed = declared.object.privateKey {
                fields.append(
                    SealedField(
                        path: declared.path, position: declared.position(of: PeerKind.privateKey),
                        name: "private_key of \(label(index))"))
            }
            if case .sealed = declared.object.presharedKey {
                fields.append(
                    SealedField(
                        path: declared.path, position: declared.position(of: PeerKind.presharedKey),
                        name: "preshared_key of \(label(index))"))
            }
        }
        for declared in settings {
            for (index, receiver) in declared.object.notifications.enumerated() {
                guard case .sealed = receiver.secret else { continue }
                fields.append(
                    SealedField(
                        path: declared.path,
                        position: declared.position(of: SettingsKind.notifications, item: index + 1),
                        name: "secret of notification \(index + 1)"))
            }
        }
        return fields
    }
}
