import Foundation
import ListServer
import Model
import Synchronization
import Testing

@testable import Fetch

/// Whom a download asks, and whom it never does.
@Suite struct DownloadTargetTests {
    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::7f00:1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1",
        "2001::1", "2001:db8::1", "2002:a00:1::1", "3fff::1", "64:ff9b::a00:1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "100::1", "4000::1",
    ])
    func notForThePublic(text: String) throws {
        #expect(AddressClass.objection(to: try #require(IPAddress(text))) != nil)
    }

    @Test(arguments: [
        "1.1.1.1", "9.9.9.9", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "198.17.0.1",
        "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2001:4860:4860::8888", "2a00::1", "64:ff9b::808:808",
    ])
    func forThePublic(text: String) throws {
        #expect(AddressClass.objection(to: try #require(IPAddress(text))) == nil)
    }

    @Test func anIPv4AddressInDisguiseIsNotForThePublic() throws {
        let mapped = try #require(IPAddress(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 8, 8, 8, 8]))
        #expect(AddressClass.objection(to: mapped) == "an IPv4 address in disguise (8.8.8.8)")
    }

    /// Every spelling that a C library takes for such an address.
    @Test(arguments: [
        "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/",
        "https://localhost/", "https://LOCALHOST/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
        "https://[0:0:0:0:0:ffff:a00:1]/", "https://169.254.169.254/latest/meta-data", "https://10.0.0.1:8443/",
        "https://[fe80::1]/", "https://0/",
    ])
    func addressesInManySpellings(url: String) async throws {
        let reason = try await reason(Download(), url)
        guard case .target = reason else {
            Issue.record("\(reason)")
            return
        }
    }

    @Test(arguments: [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "https://", "https:///x", "example.com/x",
        "https://user:hush@example.com/", "https://user@example.com/", "unix:///run/x",
        "http+unix://%2Frun%2Fx/", "https://[fe80::1%25eth0]/", "",
    ])
    func addressesThatAreNoneOfOurs(url: String) async throws {
        let download = Download(limits: DownloadLimits(), targets: .publicHTTPS, roots: nil) { _, _ in
            .success([IPAddress(v4: 0x0808_0808)])
        }
        let fault = try await fault(download, url)
        guard case .address = fault.reason else {
            Issue.record("\(fault)")
            return
        }
        #expect(!"\(fault)".contains("hush"))
    }

    @Test func redirectsAreFollowedFiveTimes() async throws {
        let server = try ListServer()
        try server.write("list.txt", "one.example\n")
        let download = Download(targets: try .server())
        let taken = Taken()
        _ = try await download.get(server.url("hops/5"), limit: 1000, taken.take)
        #expect(taken.text == "one.example\n")
        #expect(try await reason(download, server.url("hops/6")) == .redirects(5))
    }

    @Test(arguments: [
        "http://127.0.0.1/", "https://127.0.0.1/", "https://169.254.169.254/", "https://[::ffff:10.0.0.1]/",
        "https://[::1]:8443/", "//127.0.0.1/", "https://localhost/",
    ])
    func redirectsDontLeadInside(target: String) async throws {
        let server = try ListServer()
        let download = Download(targets: try .server())
        let reason = try await reason(download, server.url("to?\(target)"))
        guard case .target = reason else {
            Issue.record("\(reason)")
            return
        }
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://example.com/", "https://user:hush@example.com/", "http://[broken"])
    func redirectsDontLeadElsewhere(target: String) async throws {
        let server = try ListServer()
        let fault = try await fault(Download(targets: try .server()), server.url("to?\(target)"))
        guard case .address = fault.reason else {
            Issue.record("\(fault)")
            return
        }
        #expect(!"\(fault)".contains("hush"))
    }

    @Test func oneAddressInsideSpoilsAll() async throws {
        let download = Download(limits: DownloadLimits(), targets: .publicHTTPS, roots: nil) { _, _ in
            .success([IPAddress(v4: 0x0808_0808), IPAddress(v4: 0x0A00_0001)])
        }
        #expect(try await reason(download, "https://lists.test/") == .target("10.0.0.1", "private"))
    }

    @Test func theNextAddressIsTriedWhenOneRefuses() async throws {
        let server = try ListServer()
        try server.write("list.txt", "one.example\n")
        let targets = DownloadTargets(exceptions: [try #require(Prefix("127.0.0.2/31"))])
        let download = Download(limits: DownloadLimits(), targets: targets, roots: nil) { _, _ in
            .success([IPAddress(v4: 0x7F00_0003), IPAddress(v4: 0x7F00_0002)])
        }
        let taken = Taken()
        _ = try await download.get(server.url("files/list.txt", host: "lists.test"), limit: 1000, taken.take)
        #expect(taken.text == "one.example\n")
    }

    /// The system knows no `lists.test`: only a pinned connection arrives. A name server that tells another address
    /// the next time is asked no sooner than the next check.
    @Test func theCheckedAddressIsTheOneThatIsAsked() async throws {
        let certificate = try TestCertificate.make()
        let server = try ListServer(certificate: certificate)
        try server.write("list.txt", "one.example\n")
        let counter = Counter()
        let download = Download(
            limits: DownloadLimits(), targets: try .server(), roots: certificate.certificate
        ) { _, _ in .success([IPAddress(v4: counter.next() == 1 ? 0x7F00_0002 : 0x7F00_0001)]) }
        let url = server.url("files/list.txt", host: "lists.test", scheme: "https")
        let taken = Taken()
        _ = try await download.get(url, limit: 1000, taken.take)
        #expect(taken.text == "one.example\n")
        #expect(counter.value == 1)
        #expect(try await reason(download, url) == .target("127.0.0.1", "loopback"))
    }

    @Test func certificatesCount() async throws {
        let certificate = try TestCertificate.make()
        let server = try ListServer(certificate: certificate)
        let lookup: Download.Lookup = { _, _ in .success([IPAddress(v4: 0x7F00_0002)]) }
        let trusting = Download(
            limits: DownloadLimits(), targets: try .server(), roots: certificate.certificate, lookup: lookup)
        let other = try await fault(trusting, server.url("files/x", host: "other.test", scheme: "https"))
        #expect("\(other)".contains("certificate is for another name"))
        let strict = Download(limits: DownloadLimits(), targets: try .server(), roots: nil, lookup: lookup)
        let unknown = try await fault(strict, server.url("files/x", host: "lists.test", scheme: "https"))
        #expect("\(unknown)".contains("TLS failed"))
    }

    final class Counter: Sendable {
        private let state = Mutex(0)
        var value: Int { state.withLock { $0 } }
        func next() -> Int {
            state.withLock {
                $0 += 1; return $0
            }
        }
    }
}
