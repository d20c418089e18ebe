import Foundation
import Testing

/// Bare repositories behind HTTPS: `git http-backend`, with a password and a certificate that only
/// itself vouches for.
final class SecureServer {
    private let process = Process()
    private let folder: String
    let port: Int

    /// The certificate, which is its own authority.
    var certificate: String { folder + "/cert.pem" }

    static let isPossible = ["python3", "openssl", "git"].allSatisfy { program in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    /// Serves what is in `folder`, to ann with the password `s3cret`.
    init(_ folder: String) async throws {
        self.folder = folder
        try Data(Self.program.utf8).write(to: URL(fileURLWithPath: folder + "/serve.py"))
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            cd "$0" && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
              -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem 2>/dev/null &&
            exec python3 serve.py
            """, folder,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<600 {
            if let text = try? String(contentsOfFile: folder + "/port", encoding: .utf8),
                let port = Int(text)
            {
                self.port = port
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        process.terminate()
        throw CocoaError(.fileNoSuchFile)
    }

    deinit { process.terminate() }

    private static let program = """
        import base64, http.server, os, ssl, subprocess

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *words): pass
            def answer(self):
                wanted = "Basic " + base64.b64encode(b"ann:s3cret").decode()
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Transfer-Encoding", "") == "chunked":
                    while size := int(self.rfile.readline(), 16):
                        body += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                if self.headers.get("Authorization") != wanted:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="git"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                path, _, query = self.path.partition("?")
                values = dict(os.environ, GIT_PROJECT_ROOT=os.getcwd(), GIT_HTTP_EXPORT_ALL="1",
                    PATH_INFO=path, QUERY_STRING=query, REQUEST_METHOD=self.command,
                    CONTENT_TYPE=self.headers.get("Content-Type", ""), REMOTE_USER="ann",
                    CONTENT_LENGTH=str(len(body)))
                out = subprocess.run(["git", "http-backend"], input=body, env=values,
                    capture_output=True).stdout
                head, _, rest = out.partition(b"\\r\\n\\r\\n")
                lines = [line.split(": ", 1) for line in head.decode().split("\\r\\n")]
                status = next((int(v[:3]) for k, v in lines if k == "Status"), 200)
                self.send_response(status)
                for key, value in lines:
                    if key != "Status": self.send_header(key, value)
                self.send_header("Content-Length", str(len(rest)))
                self.end_headers()
                self.wfile.write(rest)
            do_GET = do_POST = answer

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        with open("port.new", "w") as file: file.write(str(server.server_port))
        os.rename("port.new", "port")
        server.serve_forever()

        """
}
