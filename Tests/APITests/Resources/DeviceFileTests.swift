import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct DeviceFileTests {
    @Test func `the configuration is a file with a safe name, also while the interface is down`() async throws {
        let gateway = try await TestGateway(["interfaces/wg0.yaml": TestGateway.wg0 + "enabled: false\n"])
        let made = try await gateway.call(
            .post, "/api/peers", #"{"name": "John's iPhone", "interface": "wg0"}"#)
        try #require(made.status == 201, "\(made.message)")
        let path = "/api/peers/\(made.data["id"].text)"
        let answer = try await gateway.call(.get, "\(path)/config")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(
            answer.headers[.contentDisposition]
                == "attachment; filename=\"johns-iphone.conf\"; filename*=UTF-8''John%27s%20iPhone.conf")
        #expect(answer.text.hasPrefix("[Interface]\n"))
        for line in [
            "Address = 10.8.0.2/32, fd42:8::2/128", "Endpoint = vpn.example.com:51820", "AllowedIPs = 0.0.0.0/0, ::/0",
        ] {
            #expect(answer.text.contains("\n\(line)\n"), "\(line)")
        }
        let lan = try await gateway.call(.patch, path, #"{"routing_mode": "full_tunnel_keep_lan"}"#)
        #expect(lan.status == 200)
        #expect(try await gateway.call(.get, "\(path)/config?platform=linux").text.contains("= 0.0.0.0/0, ::/0\n"))
        #expect(try await gateway.call(.get, "\(path)/config").text.contains("0.0.0.0/1"))
        #expect(try await gateway.call(.get, "\(path)/config?platform=mac").status == 400)
    }

    @Test func `the code is a picture of the chosen kind and size`() async throws {
        let gateway = try await TestGateway()
        let made = try await gateway.call(.post, "/api/peers", #"{"name": "phone", "interface": "wg0"}"#)
        let path = "/api/peers/\(made.data["id"].text)/qrcode"
        let png = try await gateway.call(.get, path)
        #expect(png.headers[.contentType] == "image/png")
        #expect(png.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        let width = { (bytes: [UInt8]) in bytes[16..<20].reduce(0) { $0 << 8 | Int($1) } }
        #expect(width(png.bytes) >= 300)
        let large = width(try await gateway.call(.get, "\(path)?size=1024").bytes)
        #expect(large <= 1024 && large > 900)
        let svg = try await gateway.call(.get, "\(path)?format=svg")
        #expect(svg.headers[.contentType] == "image/svg+xml" && svg.text.contains("<svg"))
        let text = try await gateway.call(.get, "\(path)?format=text")
        #expect(text.headers[.contentType] == "text/plain; charset=utf-8")
        for query in ["format=gif", "size=0", "size=9999"] {
            #expect(try await gateway.call(.get, "\(path)?\(query)").status == 400)
        }
    }

    @Test func `without an endpoint both are 409 and say which line to set`() async throws {
        let gateway = try await TestGateway([
            "settings.yaml": "kind: Settings\nrepository_id: 11111111-2222-4333-8444-555555555555\n"
        ])
        let made = try await gateway.call(.post, "/api/peers", #"{"name": "phone", "interface": "wg0"}"#)
        for file in ["config", "qrcode"] {
            let answer = try await gateway.call(.get, "/api/peers/\(made.data["id"].text)/\(file)")
            #expect(answer.status == 409)
            #expect(answer.message.contains("endpoint: <host>:51820"))
        }
    }

    @Test func `where only the device has its key the file says so`() async throws {
        let gateway = try await TestGateway()
        let made = try await gateway.call(
            .post, "/api/peers",
            #"{"name": "phone", "interface": "wg0", "public_key": "6Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM="}"#)
        let text = try await gateway.call(.get, "/api/peers/\(made.data["id"].text)/config").text
        #expect(text.contains("\n# PrivateKey = held by the device\n"))
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "ü", "../../etc", "\u{202E}x"])
    func `no name gets out of its header`(_ name: String) {
        let value = FileNameHeader.attachment(name: name, fallback: name, ending: "conf")
        #expect(value.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(!value.contains("/") && !value.contains("\r"))
    }
}
