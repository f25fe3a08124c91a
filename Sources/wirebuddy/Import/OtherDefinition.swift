import FoundationEssentials
import Model

/// A definition of the same interface that another program brings up at the next boot.
struct OtherDefinition: Hashable, Sendable {
    /// The program.
    enum Program: String, Sendable, Hashable {
        case wgQuick = "wg-quick"
        case networkd = "systemd-networkd"
        case netplan
        case networkManager = "NetworkManager"
        case ifupdown
    }

    let program: Program
    let interface: String
    /// The file that says so.
    let path: String
    /// What stops it, without taking down the running interface.
    let command: String
}

/// Looks for definitions of WireGuard interfaces below the root of a host.
struct OtherDefinitions {
    /// `/`, or the root of a test.
    let root: String

    /// The definitions of these interfaces, by interface and path.
    func find(_ interfaces: Set<String>) -> [OtherDefinition] {
        (wgQuick() + networkd() + networkManager() + ifupdown())
            .filter { interfaces.contains($0.interface) }
            .sorted { ($0.interface, $0.path) < ($1.interface, $1.path) }
    }

    private func names(in directory: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + directory)) ?? []).sorted()
    }

    private func lines(of path: String) -> [Substring] {
        SmallFile.text(root + path)?.split(separator: "\n").map { line in
            line.drop { $0 == " " || $0 == "\t" }
        } ?? []
    }

    /// The value of `key=value` in a section of a key file; nil where there is none. Keys are compared as systemd and
    /// GLib do it, with their case.
    private func value(_ key: String, in section: String, of lines: [Substring]) -> String? {
        var isInside = false
        for line in lines {
            if line.hasPrefix("[") { isInside = line.hasPrefix("[\(section)]") }
            guard isInside, let equals = line.firstIndex(of: "=") else { continue }
            if Self.trimmed(line[..<equals]) == key { return Self.trimmed(line[line.index(after: equals)...]) }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
        return String(text)
    }

    /// `wg-quick@wg0.service` wanted by a target. `disable` alone: with `--now` it would take the interface down.
    private func wgQuick() -> [OtherDefinition] {
        let system = "/etc/systemd/system"
        return names(in: system).filter { $0.hasSuffix(".wants") || $0.hasSuffix(".requires") }.flatMap { folder in
            names(in: "\(system)/\(folder)").compactMap { name -> OtherDefinition? in
                guard name.hasPrefix("wg-quick@"), name.hasSuffix(".service") else { return nil }
                let interface = String(name.dropFirst(9).dropLast(8))
                return OtherDefinition(
                    program: .wgQuick, interface: interface, path: "\(system)/\(folder)/\(name)",
                    command: "systemctl disable wg-quick@\(ShellWord.quoted(interface))")
            }
        }
    }

    /// `*.netdev` of kind WireGuard. Files below `/run` were generated: by netplan, where its name stands in theirs.
    private func networkd() -> [OtherDefinition] {
        ["/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network", "/lib/systemd/network"]
            .flatMap { folder in
                names(in: folder).filter { $0.hasSuffix(".netdev") }.compactMap { name -> OtherDefinition? in
                    let path = "\(folder)/\(name)"
                    let lines = lines(of: path)
                    guard value("Kind", in: "NetDev", of: lines)?.lowercased() == "wireguard",
                        let interface = value("Name", in: "NetDev", of: lines)
                    else { return nil }
                    let isNetplan = name.contains("netplan")
                    let networks = names(in: folder).filter { $0.hasSuffix(".network") }
                        .filter { value("Name", in: "Match", of: self.lines(of: "\(folder)/\($0)")) == interface }
                    return OtherDefinition(
                        program: isNetplan ? .netplan : .networkd, interface: interface, path: path,
                        command: isNetplan
                            ? "netplan set tunnels.\(ShellWord.quoted(interface))=null"
                            : Self.setAside(folder, [name] + networks))
                }
            }
    }

    /// Renamed files are read no more, from the next start of networkd on. A `reload` now would drop the addresses.
    private static func setAside(_ folder: String, _ names: [String]) -> String {
        if folder.hasPrefix("/etc") || folder.hasPrefix("/run") {
            return names.map { name in
                let path = "\(folder)/\(name)"
                return "mv \(ShellWord.quoted(path)) \(ShellWord.quoted(path + ".disabled"))"
            }.joined(separator: " && ")
        }
        return names.map { "ln -s /dev/null \(ShellWord.quoted("/etc/systemd/network/\($0)"))" }
            .joined(separator: " && ")
    }

    private func networkManager() -> [OtherDefinition] {
        [
            "/etc/NetworkManager/system-connections", "/run/NetworkManager/system-connections",
            "/usr/lib/NetworkManager/system-connections",
        ].flatMap { folder in
            names(in: folder).compactMap { name -> OtherDefinition? in
                let path = "\(folder)/\(name)"
                let lines = lines(of: path)
                guard value("type", in: "connection", of: lines) == "wireguard",
                    let interface = value("interface-name", in: "connection", of: lines),
                    value("autoconnect", in: "connection", of: lines) != "false"
                else { return nil }
                let id = value("uuid", in: "connection", of: lines) ?? value("id", in: "connection", of: lines) ?? name
                return OtherDefinition(
                    program: .networkManager, interface: interface, path: path,
                    command: "nmcli connection modify \(ShellWord.quoted(id)) connection.autoconnect no")
            }
        }
    }

    /// `auto wg0` of Debian's `/etc/network/interfaces`.
    private func ifupdown() -> [OtherDefinition] {
        let files =
            ["/etc/network/interfaces"]
            + names(in: "/etc/network/interfaces.d").map { "/etc/network/interfaces.d/\($0)" }
        return files.flatMap { path in
            lines(of: path).flatMap { line -> [OtherDefinition] in
                let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
                guard let first = words.first, first == "auto" || first == "allow-hotplug" else { return [] }
                return words.dropFirst().map { interface in
                    OtherDefinition(
                        program: .ifupdown, interface: String(interface), path: path,
                        command: "sed -i '/^[[:space:]]*\(first)[[:space:]]/s/[[:space:]]\(interface)\\b//' \(path)")
                }
            }
        }
    }
}
