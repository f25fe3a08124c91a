/// The stable name of a kind of problem, as printed in `error[code]` and in JSON.
public enum ProblemCode: String, Sendable, Hashable, CaseIterable {
    // The text.
    /// The file is larger than 16 MiB.
    case fileTooLarge = "file-too-large"
    /// The bytes are not UTF-8.
    case invalidUTF8 = "invalid-utf8"
    /// A control character, a lone carriage return or a Unicode line separator.
    case controlCharacter = "control-character"
    /// A tab where only spaces may stand.
    case tab
    /// The text is not YAML, or not JSON.
    case syntax
    /// YAML that other programs read differently.
    case unsupportedSyntax = "unsupported-syntax"
    /// More than 32 levels of nesting.
    case tooDeep = "too-deep"
    /// `&name`.
    case anchor
    /// `*name`.
    case alias
    /// `!name`.
    case tag
    /// `<<`.
    case mergeKey = "merge-key"
    /// `%NAME` other than `%YAML 1.2`.
    case directive
    /// A key stands twice in one mapping.
    case duplicateKey = "duplicate-key"
    /// A key that is not a string.
    case invalidKey = "invalid-key"

    // One document.
    /// A document is not a mapping.
    case notAMapping = "not-a-mapping"
    /// `apiVersion` is not `wirebuddy/v1`.
    case unsupportedVersion = "unsupported-version"
    /// No such kind.
    case unknownKind = "unknown-kind"
    /// No such field.
    case unknownField = "unknown-field"
    /// A required field is absent.
    case missingField = "missing-field"
    /// A value of another type.
    case wrongType = "wrong-type"
    /// A value of the right type that is not allowed.
    case invalidValue = "invalid-value"
    /// A form of a value that a later version reads.
    case unsupportedValue = "unsupported-value"
    /// Two fields of one object exclude each other.
    case conflictingFields = "conflicting-fields"
    /// A secret stands in plain text.
    case plainSecret = "plain-secret"
    /// A sealed value that was cut or changed.
    case damagedSecret = "damaged-secret"
    /// A regular expression, name or line of a DNS rule that can't be used.
    case unusableRule = "unusable-rule"

    // The whole tree.
    /// Two objects have the same kind and name.
    case duplicateIdentity = "duplicate-identity"
    /// A reference to an object that does not exist.
    case danglingReference = "dangling-reference"
    /// A reference that several objects answer to.
    case ambiguousReference = "ambiguous-reference"
    /// A reference to an object that is disabled.
    case disabledReference = "disabled-reference"
    /// Two peers use the same public key.
    case duplicatePublicKey = "duplicate-public-key"
    /// Two peers or two users have the same identifier.
    case duplicateID = "duplicate-id"
    /// Two peers of one interface have the same DNS label.
    case duplicateDNSName = "duplicate-dns-name"
    /// There are users, but no enabled admin.
    case noAdmin = "no-admin"
    /// A sealed value in a repository without an identity.
    case missingRepositoryID = "missing-repository-id"
    /// Nobody could open the sealed values after the loss of the host's key.
    case noRecoveryRecipient = "no-recovery-recipient"
    /// A tunnel address stands outside the interface's prefixes.
    case addressOutsidePrefix = "address-outside-prefix"
    /// A tunnel address is the gateway's own, or the network or broadcast address.
    case reservedAddress = "reserved-address"
    /// Two peers have the same tunnel address or route the same prefix.
    case duplicateAddress = "duplicate-address"
    /// A prefix stands inside the prefix of another peer.
    case overlappingPrefix = "overlapping-prefix"
    /// Two interfaces cover the same addresses.
    case overlappingInterface = "overlapping-interface"
    /// Two interfaces listen on the same port.
    case duplicatePort = "duplicate-port"
    /// No address is left in the interface's prefixes.
    case poolExhausted = "pool-exhausted"
    /// A time in the past.
    case expired
    /// A route that would cut the gateway off.
    case routeCapturesEndpoint = "route-captures-endpoint"
    /// An MTU that IPv6 does not allow.
    case mtuTooSmall = "mtu-too-small"
    /// The DNS forwarder would ask itself.
    case upstreamLoop = "upstream-loop"
    /// Devices that are not filtered have no resolvers to ask.
    case noFallback = "no-fallback"
    /// Enforcement of DNS without a forwarder that answers.
    case notEnforced = "not-enforced"
    /// A document about peers of which there are none.
    case noPeers = "no-peers"
    /// A document, or a part of it, that changes nothing.
    case noEffect = "no-effect"
    /// Two forwards take the same packets.
    case overlappingForward = "overlapping-forward"
    /// A forward of packets that would come in by a tunnel.
    case forwardFromTunnel = "forward-from-tunnel"
    /// A forward of the port that WireGuard listens on.
    case portTaken = "port-taken"
    /// A forward to a peer without an address.
    case noAddress = "no-address"
    /// There is no document at all.
    case noDocuments = "no-documents"
    /// A symbolic link, which is not followed.
    case symbolicLink = "symbolic-link"
    /// A git submodule, which is not read.
    case submodule
    /// A pipe, socket or device with the name of a configuration file.
    case specialFile = "special-file"
}
