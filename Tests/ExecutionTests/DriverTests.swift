import Foundation
import Model
import Testing

@testable import Execution

@Suite struct `A driver that is interrupted` {
    /// An edit that is on its way when the signal comes, and gets to the file all the same.
    private actor SlowFile: InfrastructureReading, InfrastructureChanging {
        private(set) var value = "v1.9.2"
        private(set) var isAsked = false

        func edit(_ edit: ValueEdit) async throws {
            isAsked = true
            while !Task.isCancelled { await Task.yield() }
            for _ in 0..<2000 { await Task.yield() }
            value = edit.new
        }

        func undo(_ edit: ValueEdit) async throws { value = edit.old }

        nonisolated func text(_ bytes: [UInt8], after edit: ValueEdit) throws -> [UInt8] { bytes }

        private func unprovided<Value>() throws -> Value {
            throw Problem(.bug, "Not provided.")
        }

        func declaration() async throws -> Declaration { try unprovided() }
        func applied() async throws -> Applied { try unprovided() }

        func review(
            directory: String, strict: Bool, schematic: SchematicPromise?, within limit: Duration,
            report: @escaping @Sendable (String) -> Void
        ) async throws -> String { try unprovided() }

        func destroy(
            directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
        ) async throws -> String { try unprovided() }

        func build(
            directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
        ) async throws -> String { try unprovided() }

        func apply(
            directory: String, within limit: Duration, report: @escaping @Sendable (String) -> Void
        ) async throws -> String { try unprovided() }
    }

    private let edit = ValueEdit(
        place: Place(file: "terraform.tfvars", path: "talos_version", line: 1, column: 1),
        old: "v1.9.2", new: "v1.9.4")

    private func driver(of file: SlowFile) throws -> Driver {
        let step = Step(
            id: "edit", title: "edit", action: .perform(.edit(edit)), limit: .seconds(60))
        let plan = Plan(
            id: RunID("r"), target: .talos(Version(1, 9, 4)), options: PlanOptions(),
            clusterName: "demo", madeAt: 0, basis: [], controlPlanes: [], nodes: [], edit: edit,
            stages: [Stage(title: "declare", lanes: [[step]])], findings: [])
        let root = URL(filePath: NSTemporaryDirectory()).appending(path: "driver-\(UUID())")
        let folder = RunFolder(id: plan.id, repository: root)
        try folder.create()
        let ports = UnprovidedPorts()
        let operating = Operator(
            run: plan.id, holder: LeaseHolder(run: plan.id, host: "here", process: 1),
            folder: folder, machines: ports, cluster: ports, repository: ports,
            infrastructure: file, componentReading: ports, components: ports, workloads: ports,
            lock: ports,
            recovery: Recovery(cluster: ports, rescue: { _, _ in "" }, run: { _, _, _, _ in "" }))
        return Driver(
            plan: plan, journal: try Journal(in: folder), observing: ports, operating: operating,
            controlPlanes: [], shield: { body in await Task { await body() }.value },
            clock: { Moment(elapsed: .zero, wall: 0) }, sink: { _ in })
    }

    @Test(.timeLimit(.minutes(10)))
    func `puts back what was under way only once that has ended`() async throws {
        let file = SlowFile()
        let driver = try driver(of: file)
        let run = Task { try await driver.run() }
        while await !file.isAsked { await Task.yield() }
        run.cancel()
        let (result, problem) = try await run.value
        #expect(result == .refused)
        #expect(problem?.kind == .interrupted)
        #expect(problem?.summary == "Interrupted before anything was changed.")
        #expect(await file.value == "v1.9.2")
    }
}
