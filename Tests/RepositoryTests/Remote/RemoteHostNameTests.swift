import Repository
import Testing

/// The host of a remote is found in every form that git reads.
@Suite struct RemoteHostNameTests {
    @Test(arguments: [
        ("git@git.example.com:team/gateway.git", "git.example.com"),
        ("git.example.com:gateway.git", "git.example.com"),
        ("me@[2001:db8::5]:gateway.git", "2001:db8::5"),
        ("ssh://git@git.example.com:2222/gateway.git", "git.example.com"),
        ("ssh://[2001:db8::5]:2222/gateway.git", "2001:db8::5"),
        ("https://user:p@ss@git.example.com/gateway.git?x=1", "git.example.com"),
        ("http://10.8.0.2:3000/gateway.git", "10.8.0.2"),
        ("git://10.8.0.2/gateway.git", "10.8.0.2"),
        ("/srv/git/gateway.git", nil), ("../gateway.git", nil), ("./a:b", nil), ("a/b:c", nil),
        ("file:///srv/git/gateway.git", nil), ("gateway.git", nil), ("", nil), ("ssh://", nil), (":path", nil),
    ]) func host(of url: String, is host: String?) {
        #expect(RemoteHostName.of(url) == host)
    }
}
