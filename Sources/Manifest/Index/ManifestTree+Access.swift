public import Model

extension ManifestTree {
    /// A document of access as it is declared.
    public func accessRule(_ name: String) -> AccessRule? {
        guard case .access(let declared)? = object(.access(name)) else { return nil }
        return declared.object
    }

    /// The documents of access in the order of the files. Looks at every file.
    public var accessRules: [AccessRule] {
        files.flatMap { file in
            file.objects.compactMap { if case .access(let declared) = $0 { declared.object } else { nil } }
        }
    }

    /// A forward as its document says.
    public func forward(_ name: String) -> Forward? {
        guard case .forward(let declared)? = object(.forward(name)) else { return nil }
        return declared.object
    }

    /// The forwards in the order of the files. Looks at every file.
    public var forwards: [Forward] {
        files.flatMap { file in
            file.objects.compactMap { if case .forward(let declared) = $0 { declared.object } else { nil } }
        }
    }
}
