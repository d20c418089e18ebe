import Foundation
import Model
import Testing

@testable import Kubernetes

struct AnswerTests {
    @Test(arguments: [
        (401, Problem.Kind.refused, "does not accept"), (403, .refused, "may not"),
        (404, .refused, "may not"), (409, .refused, "may not"), (422, .refused, "may not"),
        (429, .unreachable, "may not"), (500, .unreachable, "may not"),
        (503, .unreachable, "may not"), (302, .unreachable, "elsewhere"),
    ])
    func `a status becomes a problem`(code: Int, kind: Problem.Kind, word: String) throws {
        let access = try Kubeconfig(text: KubeconfigTests.plain, origin: "x").access()
        let answer = Self.answer(code, #"{"kind":"Status","message":"you may\n not"}"#)
        let problem = answer.problem(access, purpose: "read nodes")
        #expect(problem.kind == kind)
        #expect(problem.summary.contains(word))
        #expect(!problem.summary.contains("\n"))
    }

    static let evictions: [(Int, String, EvictionAnswer?)] = [
        (201, "", EvictionAnswer.accepted), (200, "", .accepted), (404, "", .accepted),
        (
            429,
            #","details":{"causes":[{"reason":"DisruptionBudget","message":"needs 2"}]}"#,
            .refused("no needs 2")
        ),
        (
            429,
            #","details":{"retryAfterSeconds":10,"causes":[{"reason":"DisruptionBudget"}]}"#,
            .tryAgain("no")
        ),
        (429, "", .tryAgain("no")), (409, "", .tryAgain("no")), (503, "", .tryAgain("no")),
        (403, #","details":{"causes":[{"reason":"NamespaceTerminating"}]}"#, .tryAgain("no")),
        (403, "", nil), (401, "", nil), (400, "", nil),
    ]

    @Test(arguments: evictions)
    func `an eviction's answer is sorted`(code: Int, rest: String, expected: EvictionAnswer?) {
        let body = #"{"kind":"Status","message":"no""# + rest + "}"
        #expect(EvictionAnswer(Self.answer(code, body)) == expected)
    }

    @Test func `a pod of several budgets is refused, not retried`() {
        let said = "This pod has more than one PodDisruptionBudget, which is not supported."
        let answer = Self.answer(500, #"{"kind":"Status","message":"\#(said)"}"#)
        #expect(EvictionAnswer(answer) == .refused(said))
    }

    @Test func `a busy server is waited for as it says, but not for ever`() {
        var request = APIRequest(
            method: .post, path: "/", purpose: "", limit: .seconds(1), isRepeatable: false)
        var busy = Self.answer(429, "")
        busy.retryAfter = .seconds(2)
        #expect(RetryPolicy.pause(after: busy, attempt: 1, request: request) == .seconds(2))
        #expect(RetryPolicy.pause(after: busy, attempt: 11, request: request) == nil)
        let broken = Self.answer(500, "")
        #expect(RetryPolicy.pause(after: broken, attempt: 1, request: request) == nil)
        request.isRepeatable = true
        #expect(RetryPolicy.pause(after: broken, attempt: 1, request: request) != nil)
        #expect(RetryPolicy.pause(after: broken, attempt: 3, request: request) == nil)
        request.waitsForBusyServer = false
        #expect(RetryPolicy.pause(after: busy, attempt: 1, request: request) == nil)
    }

    @Test(arguments: [
        ("2026-05-01T12:00:00.000000Z", 1_777_636_800.0), ("2026-05-01T12:00:00Z", 1_777_636_800),
        ("yesterday", nil), ("", nil), ("2026-05-01T12:00:00.", nil),
    ])
    func `a time is read`(text: String, seconds: Double?) {
        #expect(KubernetesTime.parse(text)?.timeIntervalSince1970 == seconds)
    }

    @Test func `the Date header is read and a MicroTime written`() throws {
        let date = try #require(KubernetesTime.http("Fri, 01 May 2026 12:00:00 GMT"))
        #expect(KubernetesTime.micro(date) == "2026-05-01T12:00:00.000000Z")
        #expect(KubernetesTime.http("Fri, 01 Foo 2026 12:00:00 GMT") == nil)
    }

    @Test func `names cannot leave their place in a path`() {
        let path = ResourcePath(namespace: "a/b", "pods", "..", subresource: "eviction").text
        #expect(path == "/api/v1/namespaces/a%2Fb/pods/%2E%2E/eviction")
        #expect(
            ResourcePath(group: "velero.io", namespace: "velero", "backups", "b-1").text
                == "/apis/velero.io/v1/namespaces/velero/backups/b-1")
        #expect(
            ResourcePath.text("/x", query: [("fieldSelector", "spec.nodeName=a&b")])
                == "/x?fieldSelector=spec.nodeName%3Da%26b")
    }

    static func answer(_ code: Int, _ body: String) -> APIAnswer {
        APIAnswer(code: code, body: Data(body.utf8))
    }
}
