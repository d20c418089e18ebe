import GRPCCore
package import Model
import TalosAPI

/// Reads nodes over the Talos API.
package struct MachineReader: MachineReading {
    let access: NodeAccess

    package init(_ access: NodeAccess) {
        self.access = access
    }

    package func facts(of address: NodeAddress) async throws -> MachineFacts {
        try await access.withConnection(to: address) { connection in
            // One call after the other: one under way costs tens of kilobytes, and there may be
            // hundreds of nodes, which are asked side by side. All of them together get the time
            // of two, so that a connection that has died costs no more than that.
            let connection = connection.bounded(by: NodeConnection.quickLimit * 2)
            let version = try await connection.version()
            guard let release = Version(version.version.tag) else {
                throw CallFailure(
                    method: "Version", code: .unknown,
                    message: "it calls its version “\(version.version.tag.prefix(40))”")
            }
            let name = try await Self.name(over: connection)
            let machineType = try await connection.yaml(of: .machineType)
            let status = try await connection.yaml(of: .machineStatus)
            let extensions = try await connection.yamls(of: .extensions)
            let security = try await connection.yaml(of: .securityState)
            let services = try await connection.services()
            let lifecycle =
                release.series < Self.lifecycleSeries
                ? false : try await connection.servesLifecycle()
            // What can be done without comes last.
            let bootID = await Self.bootID(over: connection)
            let installImage = await Self.installImage(over: connection)
            let cluster = try? await connection.yaml(of: .clusterInfo)
            let stage = MachineStatusSpec(yaml: status)
            let installed = ExtensionsSpec(yamls: extensions.map(\.yaml))
            var facts = MachineFacts(
                name: name ?? NodeName(address.text),
                role: Role(machineType: ScalarSpec.text(yaml: machineType)),
                version: release, stage: stage.stage, isReady: stage.isReady,
                unmetConditions: stage.unmetConditions, bootID: bootID,
                schematic: installed.schematic, extensions: installed.names,
                platform: version.platform.name, architecture: version.version.arch)
            facts.isSecureBoot = ScalarSpec.flag("secureBoot", yaml: security)
            facts.installImage = installImage
            facts.troubledServices = services.compactMap(Self.trouble)
            facts.clusterName = ScalarSpec.text("clusterName", yaml: cluster ?? nil)
            facts.servesLifecycle = lifecycle
            return facts
        }
    }

    package func members(at address: NodeAddress) async throws -> [NodeIdentity] {
        try await access.withConnection(to: address) { connection in
            try await connection.yamls(of: .members)
                .compactMap { MemberSpec(id: $0.id, yaml: $0.yaml)?.identity }
                .sorted { $0.name < $1.name }
        }
    }

    package func servesLifecycle(at address: NodeAddress) async throws -> Bool {
        try await access.withConnection(to: address) { try await $0.servesLifecycle() }
    }

    /// The kernel's command line, from its resource or, before Talos 1.11, from `/proc/cmdline`.
    package func kernelCommandLine(of address: NodeAddress) async throws -> String {
        try await access.withConnection(to: address) { connection in
            if let yaml = try await connection.yaml(of: .kernelCommandLine),
                let line = ScalarSpec.text("cmdline", yaml: yaml)
            {
                return line
            }
            return Self.trimmed(try await connection.read(file: "/proc/cmdline"))
        }
    }

    /// The first release series with `LifecycleService`.
    private static let lifecycleSeries = Version.Series(1, 13)

    private static func name(over connection: NodeConnection) async throws -> NodeName? {
        if let yaml = try await connection.yaml(of: .nodename),
            let name = ScalarSpec.text("nodename", yaml: yaml)
        {
            return NodeName(name)
        }
        let yaml = try await connection.yaml(of: .hostname)
        return ScalarSpec.text("hostname", yaml: yaml).map { NodeName($0) }
    }

    /// From the kernel, which only an administrator may read; else from the resource of 1.14.
    private static func bootID(over connection: NodeConnection) async -> Observed<String> {
        do {
            let text = try await connection.read(file: "/proc/sys/kernel/random/boot_id")
            let id = trimmed(text)
            if !id.isEmpty { return .known(id) }
        } catch let failure as CallFailure where failure.code == .permissionDenied {
            let yaml = try? await connection.yaml(of: .bootID)
            if let id = ScalarSpec.text("bootID", yaml: yaml ?? nil) { return .known(id) }
            return .unknown("reading the boot id needs the role os:admin")
        } catch {
            return .unknown("the boot id could not be read")
        }
        return .unknown("the boot id is empty")
    }

    private static func installImage(over connection: NodeConnection) async -> String? {
        guard let text = try? await connection.machineConfiguration() else { return nil }
        return MachineConfigSpec(yaml: String(decoding: text, as: UTF8.self)).installImage
    }

    /// `etcd: Preparing`; nil for a service that is as it should be.
    static func trouble(with service: Machine_ServiceInfo) -> String? {
        switch service.state {
        case "Finished", "Skipped":
            return nil
        case "Running":
            let health = service.health
            if !service.hasHealth || health.unknown || health.healthy { return nil }
            let reason = health.lastMessage.isEmpty ? "not healthy" : health.lastMessage
            return "\(service.id): \(reason)"
        default:
            return "\(service.id): \(service.state)"
        }
    }

    private static func trimmed(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
