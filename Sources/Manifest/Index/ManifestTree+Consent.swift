public import Model

extension ManifestTree {
    /// The approvals in the order of the files. Looks at every file.
    public var approvals: [Approval] {
        files.flatMap { file in
            file.objects.compactMap { if case .approval(let declared) = $0 { declared.object } else { nil } }
        }
    }

    /// The acknowledgements in the order of the files. Looks at every file.
    public var acknowledgements: [Acknowledgement] {
        files.flatMap { file in
            file.objects.compactMap { if case .acknowledgement(let declared) = $0 { declared.object } else { nil } }
        }
    }

    /// An approval as its document says.
    public func approval(_ name: String) -> Approval? {
        guard case .approval(let declared)? = object(.approval(name)) else { return nil }
        return declared.object
    }
}
