// swift-tools-version: 6.2
import PackageDescription

/// Tests mirror the sources: `Tests/<Target>Tests`.
let tests: [Target] = [
    .testTarget(name: "TidyTests"),
    .testTarget(name: "ModelTests", dependencies: ["Model"]),
    .testTarget(name: "InspectionTests", dependencies: ["Inspection", "Model"]),
    .testTarget(
        name: "PlanningTests", dependencies: ["Planning", "Simulation", "Model"],
        exclude: ["Fixtures"]),
    .testTarget(name: "ExecutionTests", dependencies: ["Execution", "Planning", "Model"]),
    .testTarget(name: "DisplayTests", dependencies: ["Display", "Model"]),
    .testTarget(name: "HCLTests", dependencies: ["HCL"]),
    .testTarget(name: "TerraformTests", dependencies: ["Terraform", "Git", "HCL", "Model"]),
    .testTarget(name: "GitTests", dependencies: ["Git", "Model"]),
    .testTarget(
        name: "TalosTests", dependencies: ["Talos", "TalosAPI", "Model", .crypto, .grpc]),
    .testTarget(
        name: "KubernetesTests", dependencies: ["Kubernetes", "Model", .nio, .nioPosix]),
    .testTarget(
        name: "ReleasesTests", dependencies: ["Releases", "Model", .nio, .nioPosix],
        exclude: ["Fixtures"]),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Model"]),
    .testTarget(
        name: "RehearsalTests", dependencies: ["Rehearsal", "Execution", "Simulation", "Model"]),
    .testTarget(
        name: "LabTests", dependencies: ["Lab", "Simulation", "TalosAPI", "Model", .grpc]),
    .testTarget(name: "BumpTests", dependencies: ["Bump"]),
]

let package = Package(
    name: "bump",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "bump", targets: ["Bump"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", exact: "2.4.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // The command: parse, pick the world, wire the stages, exit code.
        .executableTarget(
            name: "Bump",
            dependencies: [
                "Model", "Inspection", "Planning", "Execution", "Display", "HCL", "Terraform",
                "Git", "Talos", "Kubernetes", "Releases", "Simulation", "Rehearsal", "Lab",
                .argumentParser, .subprocess, .yams,
            ],
            // Neither relocated nor searched for symbols at every start: see docs/performance.md.
            // Without what only a debugger reads, which is more than half of it.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-Xlinker", "-no-pie", "-Xlinker", "--no-export-dynamic", "-Xlinker", "-S",
                    ],
                    .when(platforms: [.linux], configuration: .release))
            ]),
        // The nouns and the ports. Pure values, no I/O.
        .target(name: "Model"),
        // Read everything through the read-only ports into a Snapshot.
        .target(name: "Inspection", dependencies: ["Model"]),
        // (Snapshot, Target) to Plan, and the checker that judges any plan.
        .target(name: "Planning", dependencies: ["Model"]),
        // Walk a plan through the writing ports, keep the journal, emit events.
        .target(name: "Execution", dependencies: ["Model"]),
        // Fold events into lines, JSON or frames.
        .target(name: "Display", dependencies: ["Model"]),
        // Vendors, each behind the ports of Model.
        .target(name: "HCL", path: "Sources/Systems/HCL"),
        .target(
            name: "Terraform", dependencies: ["HCL", "Model", .subprocess, .yams],
            path: "Sources/Systems/Terraform"),
        .systemLibrary(
            name: "CLibgit2", path: "Sources/Systems/CLibgit2", pkgConfig: "libgit2",
            providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
        .target(name: "Git", dependencies: ["CLibgit2", "Model"], path: "Sources/Systems/Git"),
        .target(
            name: "TalosAPI", dependencies: [.protobuf, .grpc, .grpcProtobuf],
            path: "Sources/Systems/TalosAPI", exclude: ["protos"]),
        .target(
            name: "Talos",
            dependencies: [
                "TalosAPI", "Model", .protobuf, .grpc, .grpcTransport, .nio, .nioPosix, .nioSSL,
                .crypto, .x509, .asn1, .yams,
            ],
            path: "Sources/Systems/Talos"),
        .target(
            name: "Kubernetes",
            dependencies: [
                "Model", .httpClient, .nio, .nioHTTP1, .nioPosix, .nioSSL, .crypto, .yams,
            ],
            path: "Sources/Systems/Kubernetes"),
        .target(
            name: "Releases",
            dependencies: [
                "Model", .httpClient, .nio, .nioHTTP1, .nioPosix, .nioSSL, .crypto, .yams,
            ],
            path: "Sources/Systems/Releases"),
        // An emulated cluster as a value: clock, seed, faults, scenarios. No sockets.
        .target(name: "Simulation", dependencies: ["Model"]),
        // Whole runs against the simulation, with every invariant judged. No sockets either.
        .target(name: "Rehearsal", dependencies: ["Execution", "Planning", "Simulation", "Model"]),
        // The simulation served on loopback to the real binary and to stock clients.
        .target(
            name: "Lab",
            dependencies: [
                "Simulation", "TalosAPI", "Model", .protobuf, .grpc, .grpcTransport, .nio,
                .nioPosix, .nioSSL, .hummingbird, .hummingbirdTLS, .httpTypes, .x509, .asn1,
                .crypto, .log, .yams,
            ]),
    ] + tests
)

extension Target.Dependency {
    static let asn1 = product(name: "SwiftASN1", package: "swift-asn1")
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let grpc = product(name: "GRPCCore", package: "grpc-swift-2")
    static let grpcProtobuf = product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
    static let grpcTransport = product(
        name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport")
    static let httpClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let hummingbird = product(name: "HummingbirdCore", package: "hummingbird")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird")
    static let log = product(name: "Logging", package: "swift-log")
    static let nio = product(name: "NIOCore", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let protobuf = product(name: "SwiftProtobuf", package: "swift-protobuf")
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess")
    static let x509 = product(name: "X509", package: "swift-certificates")
    static let yams = product(name: "Yams", package: "Yams")
}

// One place for the settings every target shares.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
