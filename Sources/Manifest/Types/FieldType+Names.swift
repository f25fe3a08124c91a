import Model

extension FieldType where Value == String {
    /// The name of a managed interface.
    static var interfaceName: FieldType {
        FieldType(
            string: "interface-name",
            allowed: "a letter followed by at most 14 letters, digits, \"_\" or \"-\", and not all, default or lo"
        ) { text in InterfaceName.isValid(text) ? text : nil }
    }

    /// The name of any link of the host.
    static var linkName: FieldType {
        FieldType(
            string: "link-name", allowed: "the name of a network interface (at most 15 letters, digits, _ . @ -)"
        ) { text in InterfaceName.isLinkName(text) ? text : nil }
    }

    /// The display name of a peer.
    static var peerName: FieldType {
        FieldType(schema: .reference("peer-name"), allowed: PeerName.allowed, show: { .string($0) }) { node, context in
            guard let text = context.string(node, allowed: PeerName.allowed) else { return nil }
            guard let fault = PeerName.fault(of: text) else { return text }
            context.reportField(
                node, .invalidValue, "\(fault.message), found \(context.found(node))", suggestion: fault.suggestion)
            return nil
        }
    }

    /// A label of a DNS name.
    static var dnsLabel: FieldType {
        FieldType(
            string: "dns-label", allowed: "1 to 63 lower-case letters, digits or \"-\", not at the ends",
            hint: { text in
                let label = DNSLabel.derived(from: text)
                return label.isEmpty ? nil : "write \(label)"
            }
        ) { text in DNSLabel.isValid(text) ? text : nil }
    }

    /// A domain in which devices look up short names, folded to lower case, without a trailing dot.
    static var searchDomain: FieldType {
        FieldType(string: "search-domain", allowed: "a domain such as vpn.internal") { text in
            HostName(text: Array(text.utf8)[...])?.value
        }
    }

    /// A UUID, folded to lower case.
    static var uuid: FieldType {
        FieldType(string: "uuid", allowed: "a UUID such as 123e4567-e89b-12d3-a456-426614174000") { text in
            UUIDText.folded(text)
        }
    }

    /// The name of a file, without a directory.
    static var geoFile: FieldType {
        FieldType(
            string: "geoip-file", allowed: "a file name without a directory, such as GeoLite2-Country.mmdb"
        ) { text in
            guard let first = text.utf8.first, text.utf8.count <= 127 else { return nil }
            let isWord = { (byte: UInt8) in InterfaceName.isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
            guard isWord(first) else { return nil }
            return text.utf8.allSatisfy { isWord($0) || ".+-".utf8.contains($0) } ? text : nil
        }
    }

    /// The name of a recipient of sealed values.
    static var recipientName: FieldType {
        FieldType(string: "recipient-name", allowed: "at most 63 letters, digits, \"_\", \".\" or \"-\"") { text in
            RecipientName.isValid(text) ? text : nil
        }
    }

    /// Free text of some lines.
    static var text: FieldType {
        FieldType(
            string: "text", allowed: "a text of at most \(FreeText.maximumLength) characters without control characters"
        ) { text in FreeText.isValid(text) ? text : nil }
    }

    /// The name of a user.
    static var username: FieldType {
        FieldType(
            string: "username",
            allowed: "3 to 32 letters, digits, \".\", \"_\" or \"-\", beginning with a letter or digit"
        ) { text in Username.isValid(text) ? text : nil }
    }

    /// A mail address.
    static var email: FieldType {
        FieldType(string: "email", allowed: "a mail address such as alice@example.com") { text in
            MailAddress.isValid(text) ? text : nil
        }
    }

    /// The name of a person: one line.
    static var fullName: FieldType {
        FieldType(string: "full-name", allowed: "a text of at most 128 characters in one line") { text in
            text.unicodeScalars.count <= 128 && text.unicodeScalars.allSatisfy { !FreeText.isControl($0) } ? text : nil
        }
    }

    /// The origin of web pages, or `*`.
    static var origin: FieldType {
        FieldType(
            string: "origin", allowed: "an origin such as https://app.example.com, without a path, or *",
            hint: { text in text.hasSuffix("/") ? "write \(text.dropLast())" : nil }
        ) { text in WebOrigin.isValid(text) ? text : nil }
    }

    /// The name of a group of the host.
    static var groupName: FieldType {
        FieldType(string: "group-name", allowed: "the name of a group") { text in
            HostPath.isGroup(text) ? text : nil
        }
    }

    /// The path of a directory, absolute.
    static var directory: FieldType {
        FieldType(string: "directory", allowed: "an absolute path without \"..\"") { text in
            HostPath.isDirectory(text) ? text : nil
        }
    }

    /// The name of a branch.
    static var branch: FieldType {
        FieldType(string: "branch", allowed: "the name of a branch") { text in
            HostPath.isBranch(text) ? text : nil
        }
    }

    /// A git remote: a name, a URL, or an absolute path.
    static var remote: FieldType {
        FieldType(
            string: "remote",
            allowed: "the name of a git remote, a URL (https, http, ssh, git, file) or an absolute path"
        ) { text in HostPath.isRemote(text) ? text : nil }
    }

    /// A program: a name looked up in `PATH`, or an absolute path.
    static var program: FieldType {
        FieldType(string: "program", allowed: "the name of a program or an absolute path") { text in
            HostPath.isProgram(text) ? text : nil
        }
    }

    /// The name of an environment variable.
    static var environmentName: FieldType {
        FieldType(string: "environment-name", allowed: "the name of an environment variable") { text in
            SecretText.isEnvironmentName(text) ? text : nil
        }
    }
}
