import Model
import Synchronization
import TalosAPI
import Testing

@testable import Talos

struct InstallerLogTests {
    private let node = NodeIdentity(name: "w-1", address: "10.0.0.9", role: .worker)

    @Test func `pieces cut anywhere become whole lines`() {
        var lines = LineAssembler()
        #expect(lines.take("running Ta") == [])
        #expect(lines.take("los installer\nprob") == ["running Talos installer"])
        #expect(lines.take("ing\n\n\u{1B}[1mdone\r\n") == ["probing", "[1mdone"])
        #expect(lines.take("tail") == [])
        #expect(lines.finish() == "tail")
        #expect(lines.finish() == nil)
    }

    @Test func `only exit code zero is success`() {
        let log = InstallerLog { _ in }
        log.take(.message("installation of v1.13.0 complete\n"))
        #expect(log.problem(on: node)?.summary.contains("result unknown") == true)
        // Whether it was heard is to be looked at, not guessed.
        #expect(log.problem(on: node)?.kind == .unreachable)
        log.take(.exitCode(0))
        #expect(log.problem(on: node) == nil)
    }

    @Test func `a failed installer shows its last lines and its code`() {
        let reported = Mutex<[String]>([])
        let log = InstallerLog { line in reported.withLock { $0.append(line) } }
        log.take(.message("pre-flight checks\nhost version too old"))
        log.take(.exitCode(4))
        let problem = log.problem(on: node)
        #expect(problem?.details == ["pre-flight checks", "host version too old"])
        #expect(problem?.causes == ["exit code 4"])
        #expect(reported.withLock { $0 } == ["pre-flight checks", "host version too old"])
    }

    @Test func `pull progress is told by tenths and at the end`() {
        var progress = PullProgress()
        func step(_ offset: Int64) -> String? {
            var response = Machine_ImageServicePullResponse()
            response.pullProgress.layerID = "a"
            response.pullProgress.progress.status = .downloading
            response.pullProgress.progress.offset = offset
            response.pullProgress.progress.total = 100_000_000
            return progress.take(response.response)
        }
        #expect(step(1_000_000) == nil)
        #expect(step(30_000_000) == "pulling: 30 of 100 MB")
        #expect(step(31_000_000) == nil)
        #expect(step(.max) == "pulling: 100 of 100 MB")
        #expect(progress.take(.name("image@sha256:1")) == "pulled image@sha256:1")
    }

    @Test(
        arguments: [
            ("Running", true, nil), ("Running", false, "etcd: slow"), ("Finished", false, nil),
            ("Skipped", false, nil), ("Preparing", true, "etcd: Preparing"),
        ])
    func `a service is in trouble unless it runs well or is done`(
        state: String, healthy: Bool, expected: String?
    ) {
        var service = Machine_ServiceInfo()
        service.id = "etcd"
        service.state = state
        service.health.healthy = healthy
        service.health.lastMessage = "slow"
        #expect(MachineReader.trouble(with: service) == expected)
    }
}
