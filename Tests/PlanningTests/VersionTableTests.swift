import Model
import Planning
import Testing

struct VersionTableTests {
    @Test func `the series are those of the support matrix`() throws {
        let data = try VersionData()
        #expect(TalosSeries.table.map(\.series) == data.minors.keys.sorted())
        for row in TalosSeries.table {
            let fact = try #require(data.minors[row.series])
            #expect(row.kubernetes.lowerBound == fact.kubernetesMinEnforced)
            #expect(row.kubernetes.upperBound == fact.kubernetesMaxEnforced)
            #expect(row.documentedKubernetes == fact.kubernetesMinDocumented)
            #expect(row.oldestHost == fact.upgradeFromMinHost)
            #expect(row.hasGenericInstaller == fact.ghcrInstallerPublished)
            #expect(row.hasPlatformInstaller == fact.platformSpecificInstaller)
            #expect(row.latest == fact.latestPatch)
        }
    }

    @Test func `the bundled releases are those of the data`() throws {
        let data = try VersionData()
        let bundled = BundledReleases.known.talos.releases
        #expect(
            bundled
                == data.releases.map {
                    Release(
                        $0.version, publishedAt: $0.date.flatMap { ISOTime.seconds($0) },
                        isWithdrawn: $0.withdrawn)
                })
        for row in TalosSeries.table {
            #expect(BundledReleases.known.talos.newest(in: row.series)?.version == row.latest)
        }
        #expect(
            Set(TalosSeries.withdrawn.keys) == Set(bundled.filter(\.isWithdrawn).map(\.version)))
    }

    @Test func `words are resolved to releases`() throws {
        let known = BundledReleases.known
        func resolve(_ word: String, _ product: Product, _ running: Version) throws -> Version {
            try TargetWord.resolve(
                word, product, running: running, talos: Version(1, 9, 2), known: known)
        }
        #expect(try resolve("latest", .talos, Version(1, 9, 2)) == Version(1, 14, 2))
        #expect(try resolve("latest-patch", .talos, Version(1, 9, 2)) == Version(1, 9, 6))
        #expect(try resolve("latest-patch", .talos, Version(1, 9, 8)) == Version(1, 9, 8))
        #expect(try resolve("latest", .kubernetes, Version(1, 31, 0)) == Version(1, 32, 13))
        #expect(try resolve("v1.9.4", .talos, Version(1, 9, 2)) == Version(1, 9, 4))
        #expect(throws: Problem.self) { try resolve("newest", .talos, Version(1, 9, 2)) }
        let future = KnownReleases(
            talos: ReleaseList(
                .talos, known.talos.releases + [Release(Version(1, 15, 0))],
                origin: .feed("test")), kubernetes: known.kubernetes)
        #expect(
            try TargetWord.resolve("latest", .talos, running: Version(1, 9, 2), known: future)
                == Version(1, 14, 2))
    }

    @Test func `skew is judged as upstream judges it`() {
        let api = Version.Series(1, 32)
        #expect(KubernetesSkew.allows(kubelet: Version.Series(1, 29), apiServer: api))
        #expect(!KubernetesSkew.allows(kubelet: Version.Series(1, 28), apiServer: api))
        #expect(!KubernetesSkew.allows(kubelet: Version.Series(1, 33), apiServer: api))
        #expect(
            !KubernetesSkew.allows(
                kubelet: Version.Series(1, 24), apiServer: Version.Series(1, 27)))
        #expect(!KubernetesSkew.allows(controller: Version.Series(1, 33), apiServer: api))
        #expect(KubernetesSkew.allows(apiServers: Version.Series(1, 33), api))
    }

    @Test func `hazards are told of the hops and nodes they belong to`() {
        let node = Samples.node(
            "w-1", .worker, 1, Version(1, 13, 4), Version(1, 36, 0)
        ).machine.value
        var orphan = node
        orphan?.schematic = nil
        let machines = [orphan].compactMap(\.self)
        func codes(_ from: Version, _ to: Version, _ machines: [MachineFacts]) -> [String] {
            Hazard.findings(from: from, to: to, machines: machines).map(\.code)
        }
        let to14 = codes(Version(1, 13, 4), Version(1, 14, 2), machines)
        #expect(to14.contains("hop.no-generic-installer") && to14.contains("hop.etcd-3.7"))
        #expect(!codes(Version(1, 13, 4), Version(1, 13, 9), machines).contains("hop.etcd-3.7"))
        #expect(codes(Version(1, 9, 6), Version(1, 10, 9), machines).first == "hop.extensions-lost")
        #expect(
            !codes(Version(1, 9, 6), Version(1, 10, 9), [node].compactMap(\.self))
                .contains("hop.extensions-lost"))
        #expect(codes(Version(1, 9, 2), Version(1, 9, 6), machines).isEmpty)
    }
}
