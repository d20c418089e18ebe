import GRPCCore
import Model
import Testing

@testable import Talos

struct FailureTests {
    @Test(
        arguments: [
            (RPCError.Code.unavailable, Problem.Kind.unreachable),
            (.deadlineExceeded, .unreachable), (.cancelled, .unreachable),
            (.permissionDenied, .refused), (.unauthenticated, .refused),
            (.unimplemented, .refused), (.failedPrecondition, .refused), (.notFound, .refused),
            (.unknown, .refused), (.internalError, .stopped),
        ])
    func `the code of a call decides the kind`(code: RPCError.Code, kind: Problem.Kind) {
        let failure = CallFailure(method: "Reboot", code: code, message: "why\nso")
        let problem = failure.problem(on: "w-1", roles: ["os:reader"])
        #expect(problem.kind == kind)
        #expect(problem.location == "w-1")
        #expect(problem.causes == ["why so"])
        #expect(!problem.summary.contains("why"))
    }

    @Test(
        arguments: [
            ("Reboot", "os:operator"), ("Upgrade", "os:admin"), ("EtcdSnapshot", "os:etcd:backup"),
        ])
    func `a denied call names the role it needs and those there are`(
        method: String, role: String
    ) {
        let failure = CallFailure(
            method: method, code: .permissionDenied, message: "not authorized")
        let problem = failure.problem(on: "w-1", roles: ["os:reader"])
        #expect(problem.summary.contains("os:reader"))
        #expect(problem.fix?.contains(role) == true)
    }

    @Test func `a worker as endpoint is told apart from a missing role`() {
        let failure = CallFailure(
            method: "Version", code: .permissionDenied, message: "no request forwarding")
        #expect(failure.problem(on: "w-1", roles: []).fix?.contains("endpoints") == true)
    }

    @Test(
        arguments: [
            ("CERTIFICATE_VERIFY_FAILED", DialFailure.foreignCertificate),
            ("TLSV1_ALERT_UNKNOWN_CA", .certificateRejected("of another CA")),
            ("SSLV3_ALERT_CERTIFICATE_EXPIRED", .certificateRejected("expired")),
            ("TLSV1_ALERT_CERTIFICATE_REQUIRED", .certificateRejected("missing")),
            ("WRONG_VERSION_NUMBER", .tls("WRONG_VERSION_NUMBER")),
            ("uncleanShutdown", .closed),
        ])
    func `failures of TLS are told apart`(name: String, expected: DialFailure) {
        let text = "sslError([Error: 1 error:1000:SSL routines:OPENSSL_internal:\(name) at x:1])"
        #expect(DialFailure.handshake(text) == expected)
    }

    @Test(
        arguments: [
            (DialFailure.unanswered("connection refused"), Problem.Kind.unreachable),
            (.silent, .unreachable), (.closed, .unreachable), (.foreignCertificate, .refused),
            (.wrongName, .refused), (.certificateRejected("expired"), .refused),
            (.tls("X"), .refused),
        ])
    func `only a node that does not answer is unreachable`(
        failure: DialFailure, kind: Problem.Kind
    ) {
        let problem = failure.problem(
            on: "w-1", at: Endpoint(host: "10.0.0.9"), source: "talosconfig")
        #expect(problem.kind == kind)
        #expect(problem.fix != nil)
        #expect(problem.location == "w-1")
    }
}
